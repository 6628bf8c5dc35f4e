"""Pure clinical knowledge: dated, cited, without I/O beyond its own package data."""
