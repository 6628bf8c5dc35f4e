"""Two records that are one person's, made one: previewed, in one commit, and undone by another."""
