"""The guide reproduced: each of its tables and the arithmetic that its figures imply."""
