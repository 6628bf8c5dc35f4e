"""How ``appointment-summary`` is answered without a model: the source's own sentences, sorted."""

from careflow.ai.visit_notes.summarise import METHOD, summarised_by_rules

__all__ = ["METHOD", "summarised_by_rules"]
