"""What commands are made of: how one is declared, what it is given, the options that several have.

The commands come in, and who obeys them: the command line, the add-in and what builds it.
"""
