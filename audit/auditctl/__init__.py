"""The verifier of exported logs: stands alone, and reads only open formats.

It is a distribution of its own inside this house: it needs the standard library and
`cryptography`, imports nothing of ours, and can be run by whoever was given an export.
"""
