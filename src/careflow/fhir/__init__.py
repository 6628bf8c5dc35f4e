"""The FHIR R4 standard without I/O: definitions, validation, search extraction and grammar."""
