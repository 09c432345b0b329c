"""What the add-in's buttons do, and its installation: use cases for who has Excel in front.

Only ``addin`` and ``commands`` come in.
"""
