"""Calendar feeds that people subscribe to."""
