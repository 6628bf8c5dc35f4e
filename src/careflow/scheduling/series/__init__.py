"""Visits that come back: one rule, every date seen beforehand, all or nothing stored."""
