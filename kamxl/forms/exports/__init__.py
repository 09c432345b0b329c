"""What another program's export says: its tables found, its columns understood, its rows told.

Use cases come in, and the one that reads files apart.
"""
