"""Files on disk: the workspace, its memory, the inbox, and writing that is whole or not at all.

Use cases come in.
"""
