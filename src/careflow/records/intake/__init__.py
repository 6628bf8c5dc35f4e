"""What patients answer before a visit: asked, kept as answered, and reviewed one by one."""
