"""Our reply to what she said (Antwortseite): its sheet, on a card or alone; reading what came back.

The scorecard's room comes in, and use cases that ask what a page has room for.
"""
