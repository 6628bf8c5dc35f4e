"""What a patient asks of their own record, and of words: rules look first, then an engine."""
