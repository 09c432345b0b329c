"""The command line: arguments in, a use case called, words or JSON out, an exit status.

Only ``__main__`` comes in. One file says what the arguments are, the others what they lead to.
"""
