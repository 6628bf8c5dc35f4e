"""Names that are used in ways vulture cannot see, each with its reason."""

ctx = None  # click hands every command method its context
