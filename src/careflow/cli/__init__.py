"""The command line: thin verbs over a platform built from settings."""
