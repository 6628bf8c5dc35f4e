"""Booking by somebody without an account: a time is kept, an address proved, a visit booked."""
