"""What goes out, taken apart again by rules that share no code with what wrote it.

Only ``workflow.guard`` comes in.
"""
