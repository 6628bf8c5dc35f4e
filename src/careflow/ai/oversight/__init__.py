"""What people who answer for AI look at, and the switches they turn."""
