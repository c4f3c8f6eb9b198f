"""The verifiable log: entries, Merkle tree, gate and verification. It knows plain facts only.

No case, user or agreement table is known here. `audit.gate` writes, `audit.queries` and
`audit.history` read, `audit.verify` recomputes everything.
"""
