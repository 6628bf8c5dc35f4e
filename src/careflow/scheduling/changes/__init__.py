"""Who changed a visit last, and what: told to whoever comes too late with a change."""
