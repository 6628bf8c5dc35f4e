"""ICD-10-CM: which codes the statements of a note support, in English and Spanish.

``found_in`` finds statements that the patient has now, each with its place in the text; ``ranked``
puts their codes in order. Nothing is coded that is denied, only suspected, or of a relative.
"""

from careflow.knowledge.icd10cm.codes import exists, title_of
from careflow.knowledge.icd10cm.find import Mention, found_in
from careflow.knowledge.icd10cm.rank import Suggestion, ranked
from careflow.knowledge.icd10cm.terms import sources

__all__ = ["Mention", "Suggestion", "exists", "found_in", "ranked", "sources", "title_of"]
