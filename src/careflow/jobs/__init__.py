"""The durable queue: a job is a document, queued with its cause, done once in effect."""
