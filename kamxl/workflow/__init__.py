"""The use cases, one function each; the command line and the add-in call the same ones.

In rooms, each over the ones before it: files, start, incoming, guard, outgoing, shown, buttons
and demo. Command line and add-in come in.
"""
