"""What words of a clinic mean, in plain words: our own entries, and those an operator adds."""

from careflow.knowledge.glossary.entries import Cited, Entry, all_entries, entry_of
from careflow.knowledge.glossary.find import Found, looked_up, names_of, unknown_in

__all__ = [
    "Cited",
    "Entry",
    "Found",
    "all_entries",
    "entry_of",
    "looked_up",
    "names_of",
    "unknown_in",
]
