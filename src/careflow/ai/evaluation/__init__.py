"""How well each task is done, measured on sets of cases with known answers."""
