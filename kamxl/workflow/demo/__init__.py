"""The demo: an invented team and invented customers play both sides of the loop.

Only ``cli`` comes in. The one place here that knows openpyxl: customers save with it.
"""
