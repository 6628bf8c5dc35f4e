"""Names of medicines, as dated data: which drug a word of a text names, if it names one."""

from careflow.knowledge.drugs.names import drug_named, sources

__all__ = ["drug_named", "sources"]
