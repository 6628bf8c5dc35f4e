"""``entities`` by lists and tables, on this machine."""

from __future__ import annotations

from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.task import AbstainedError, Given
from careflow.ai.tasks.labelling import Entities, Entity

METHOD = Maker("local", "lists", "entities/1")
_ENTITIES_MAX = 2_000


def named_by_lists(given: Given) -> Answer[Entities]:
    """Find medicines, doses, problems, tests, parts of the body and dates.

    Raises:
        AbstainedError: There is no text, it is in another language, or names too much to look at.
    """
    text = given.text or ""
    if not any(map(str.isalnum, text)):
        raise AbstainedError("There is no text to look through: it is missing.")
    # The lists are read with the first text, not with the server.
    from careflow.knowledge.messages.language import is_read
    from careflow.knowledge.named_things import named_in

    if not is_read(text):
        raise AbstainedError("Only texts in English and Spanish can be looked through here.")
    found = named_in(text)
    if len(found) > _ENTITIES_MAX:
        raise AbstainedError("The text names too much to look at: send it in parts.")
    entities = tuple(
        Entity(
            text=text[one.start : one.end],
            type=one.kind,
            span=(one.start, one.end),
            negated=one.negated,
        )
        for one in found
    )
    sources = tuple(Source("text", start=one.start, end=one.end) for one in found)
    return Answer(Entities(entities=entities), METHOD, sources, {"entities": len(entities)})
