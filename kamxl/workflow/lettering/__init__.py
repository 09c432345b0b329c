"""A team's own templates of mails: read within bounds, held against the memory, said apart.

guard, outgoing and health come in.
"""
