"""Assembles the HTTP application from a built platform."""
