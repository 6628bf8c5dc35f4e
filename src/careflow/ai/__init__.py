"""Tasks whose results are drafts until a named person accepts them."""
