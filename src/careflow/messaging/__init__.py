"""What people are told of their visits, by mail and text message, and what they answer by link."""
