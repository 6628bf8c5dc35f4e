"""The rules of the detector: each module finds one subject's identifiers in a text."""
