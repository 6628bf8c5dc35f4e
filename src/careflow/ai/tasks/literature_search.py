"""``literature-search``: passages that answer a question, and an answer only from them."""

from __future__ import annotations

from careflow.ai.task import Task, TaskInput, TaskOutput, Words
from careflow.ai.tasks.conversation import Citation


class Article(TaskInput, frozen=True, kw_only=True):
    """One article of a corpus that was sent along."""

    id: str
    title: str
    text: Words


class QuestionInput(TaskInput, frozen=True, kw_only=True):
    """A question, and the articles to look in."""

    question: str
    corpus: tuple[Article, ...] | None = None


class Hit(TaskOutput, frozen=True, kw_only=True):
    """A passage that bears on the question."""

    id: str
    title: str
    score: float
    passage: str


class LiteratureSearch(TaskOutput, frozen=True, kw_only=True):
    """Passages, the best first; ``answer`` only where they give one."""

    hits: tuple[Hit, ...]
    answer: str | None = None
    citations: tuple[Citation, ...] = ()


LITERATURE_SEARCH: Task[LiteratureSearch] = Task(
    name="literature-search",
    title="Find passages that answer a question",
    version="1",
    input=QuestionInput,
    output=LiteratureSearch,
)
