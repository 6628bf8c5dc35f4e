"""Drafts of every task: kept, reviewed, signed and filed, or turned down."""
