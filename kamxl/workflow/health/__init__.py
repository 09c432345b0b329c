"""Whether all is well here: what of a computer or a folder is missing or blocked, and the mend.

cli and buttons come in. Each look is a small function that gives a record; nothing is changed.
"""
