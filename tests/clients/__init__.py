"""FHIR clients of others, run in an environment of their own against a running server."""
