"""The waiting list: a freed time is offered within a minute, in a fair order, and taken once."""
