"""How a workspace begins and is opened: its identity, key and register, read before all else.

Every other use case comes in.
"""
