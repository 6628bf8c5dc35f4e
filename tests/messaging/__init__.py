"""What people are told of their visits, and what they answer."""
