"""Visitors without an account, who hold a link."""
