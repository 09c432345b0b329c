"""The use cases, one function each: the commands and the add-in come in and call the same ones.

In rooms, each over the ones before it: files, start, incoming, guard, outgoing, shown, buttons
and demo. The command line, the add-in and whoever imports kamxl come in.
"""
