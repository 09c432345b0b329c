"""Every text, per language, and the templates they are made with.

Whoever speaks to people comes in.
"""
