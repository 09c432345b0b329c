"""The use cases, one function each; the command line and the add-in call the same ones."""
