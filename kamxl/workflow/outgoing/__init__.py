"""What goes out: cards, plans, mails, lists; made, proven by ``guard``, written, sent once.

``cli``, buttons and the demo come in.
"""
