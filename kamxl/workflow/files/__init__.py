"""Files from outside, as bytes: what is packed in them, why one cannot be read, its raw cells.

The lowest room of the use cases, for what runs in processes apart; start and incoming come in.
"""
