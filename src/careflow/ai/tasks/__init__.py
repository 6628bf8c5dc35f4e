"""The tasks that are built, one file each: what it takes, what it answers, how tables do it."""
