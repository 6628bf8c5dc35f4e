"""Every card belongs to a local method, says what was measured, and what it is not for."""

from __future__ import annotations

from careflow.ai.cards import all_cards
from careflow.ai.engines.local import METHODS
from careflow.ai.tasks import drug_interactions, medical_coding, named_things, sorted_messages


def test_a_card_describes_a_method_that_there_is() -> None:
    assert {"drug-interactions", "medical-coding"} <= set(all_cards()) <= set(METHODS)


def test_a_card_names_the_version_that_drafts_name() -> None:
    for task, method in (
        ("drug-interactions", drug_interactions.METHOD),
        ("medical-coding", medical_coding.METHOD),
        ("text-classification", sorted_messages.CLASS_METHOD),
        ("sentiment", sorted_messages.FEELING_METHOD),
        ("entities", named_things.METHOD),
    ):
        assert all_cards()[task].version == method.prompt


def test_a_card_tells_figures_data_and_limits() -> None:
    for card in all_cards().values():
        assert card.measured
        assert card.data
        assert card.limits
        assert card.not_for
