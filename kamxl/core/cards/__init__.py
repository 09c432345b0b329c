"""What a card asks, shows and says: orders, marks, what is internal, which answer counts.

Over records and method. Forms and use cases come in.
"""
