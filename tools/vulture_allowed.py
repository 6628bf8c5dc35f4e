"""Names that are used in ways vulture cannot see, each with its reason."""
# ruff: noqa: B018, F821
# mypy: ignore-errors

ctx  # click hands every command method its context
