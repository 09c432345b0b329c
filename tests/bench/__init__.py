"""How fast things are, as ratios within one run: ``python -m tests.bench``. No test asserts it.

``write``, ``read``: a card beside what others need for the same cells; ``whole``: workspaces from
end to end; ``pieces``: single steps and starts. What is aimed at stands in ``goals``.
"""
