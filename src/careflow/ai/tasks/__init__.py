"""The tasks, by subject: what each takes and answers, and how tables do it where they can."""
