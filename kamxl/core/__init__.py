"""The method, as immutable records and pure functions: no file, no label, no clock.

In rooms: records, method over them, cards, portfolio. Everybody may come in; it needs nobody.
"""
