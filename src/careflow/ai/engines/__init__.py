"""What answers tasks. Only composition chooses among them."""
