"""Runs that are killed or refused by the system at one call, to see what they leave behind."""
