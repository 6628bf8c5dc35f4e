"""Runs of tasks as people ask for them: at once, followed as they go, on a file, or later."""
