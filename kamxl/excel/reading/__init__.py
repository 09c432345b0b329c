"""Reads workbooks from anywhere: bounded, distrustful, one way to say no. Yields raw cells.

Which library does it is this room's secret. Use cases come in, in a process apart.
"""
