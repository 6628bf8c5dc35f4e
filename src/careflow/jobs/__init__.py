"""The durable queue: a job is a document, queued in the commit of its cause, done once in effect."""
