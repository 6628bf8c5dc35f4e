"""The trail: who did what to whose record, durable before the answer, sealed into a keyed chain."""
