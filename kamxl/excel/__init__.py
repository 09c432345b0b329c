"""The adapter to Excel: draws and reads workbooks; knows nothing of accounts.

In rooms: reading, writing, proof, live, addin. Use cases come in.
"""
