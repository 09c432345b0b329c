"""How fast things are, as ratios within one run: ``python -m tests.bench``. No test asserts it."""
