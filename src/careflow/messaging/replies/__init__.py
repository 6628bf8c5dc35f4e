"""What people answer to text messages."""
