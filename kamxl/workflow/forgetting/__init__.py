"""Forgetting a person: her name, address and words go from what kamxl keeps, and what only people
can delete is listed. ``commands`` and ``shown`` come in.
"""
