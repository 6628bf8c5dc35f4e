"""A patient's own visits, as they see them in the portal."""
