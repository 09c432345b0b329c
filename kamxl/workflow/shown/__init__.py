"""The results of use cases for people and programs: lines of words, and the JSON of the contract.

What several commands say in one way; only ``commands`` come in.
"""
