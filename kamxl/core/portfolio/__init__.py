"""What all replies, plans and the register say together: the results of every account.

The top of the core. Forms and use cases come in.
"""
