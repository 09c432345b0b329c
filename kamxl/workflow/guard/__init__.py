"""Nothing internal leaves: each card and mail proven before it is written, any file looked through.

``outgoing`` must pass here; ``cli`` comes in to check a file.
"""
