"""The records that travel between the rooms: the register's, a card's, a reply's, a plan's.

They hold what somebody typed or was asked, and judge nothing. Everybody may come in.
"""
