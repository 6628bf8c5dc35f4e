"""Patients on their way through the clinic: the stages of a visit, live on every desk."""
