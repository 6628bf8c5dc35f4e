"""Reads documents: pages into words with boxes, words into laboratory rows. Guesses nothing."""
