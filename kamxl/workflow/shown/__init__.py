"""The results of use cases for people and programs: lines of words, and the JSON of the contract.

``cli`` and buttons come in.
"""
