"""Finding a patient by name, birth date or record number."""
