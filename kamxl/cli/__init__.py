"""The command line: arguments in, a use case called, words or JSON out, an exit status.

Only ``__main__`` comes in. What the arguments of a command are and what they lead to stands in
``commands``; here they are parsed, handed over with the world outside, and what came of it is said.
"""
