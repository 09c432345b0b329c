"""Fuzzing: inputs that nobody would think of, found by coverage and kept where they tell."""
