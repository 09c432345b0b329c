"""The demo: an invented team and invented customers play both sides of the loop.

Only cli and commands come in.
"""
