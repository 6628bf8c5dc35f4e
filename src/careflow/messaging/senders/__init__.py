"""The ways out: a mail server, a provider of text messages, and one that only keeps."""
