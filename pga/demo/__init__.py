"""The demo region: fictional youths and professionals, played through the real services.

It stands above every room and below nothing: no room knows it. It never runs in production.
"""
