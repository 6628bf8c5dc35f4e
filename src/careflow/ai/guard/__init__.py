"""Checks an answer against what it was made from, after any engine and before anyone sees it."""
