"""The long run: all that is tried of files from outside, however long that takes."""
