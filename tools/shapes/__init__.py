"""The deployment shapes, stood up on loopback from what ``careflow deploy host`` renders."""
