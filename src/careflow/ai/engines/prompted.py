"""An engine that asks a language model: prompt and data in, a typed and placed answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from careflow.ai.call import Call
from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer, Serving
from careflow.ai.governor.govern import Governor
from careflow.ai.model import (
    AnswerUnusableError,
    Finish,
    Media,
    Model,
    ModelReply,
    ModelRequest,
    Part,
    Text,
)
from careflow.ai.policy import Route
from careflow.ai.prompt import Prompt, data_of, prompt_of
from careflow.ai.task import AbstainedError, FileInput, Given, Task, TaskOutput
from careflow.ai.wire import NotInFormError, Said, said_in, schema_of

O = TypeVar("O")  # noqa: E741 - output

_TOKENS_MAX = 8_192
_STOPPED: dict[Finish, str] = {
    "length": "the answer was cut off",
    "safety": "the provider's safety rules stopped it",
    "recitation": "it would have repeated someone's text",
    "language": "the provider does not support the language",
    "blocked-prompt": "the provider did not take the question",
    "malformed": "the provider could not form an answer",
    "unknown": "it ended in a way that is not known",
}


@dataclass(frozen=True, slots=True)
class PromptedEngine:
    """Answers every task that its model can be shown.

    Attributes:
        secret: Makes the marks around data.
        media: Kinds of files that the model takes: ``image``, ``audio``, ``video``.
    """

    model: Model
    governor: Governor
    route: Route
    secret: bytes
    media: Sequence[str] = ("image",)

    @property
    def name(self) -> str:
        """Return the model's engine."""
        return self.model.engine

    def serving(self, task: str) -> Serving:
        """Report that there is a prompt for the task, and a model for what it reads."""
        wanted = _MEDIA.get(task)
        if wanted is not None and wanted not in self.media:
            return Serving(self.name, available=False, reason=f"its model takes no {wanted}")
        if task == "prediction":
            return Serving(self.name, available=False, reason="predictions need a model of numbers")
        return Serving(self.name, available=True)

    async def answer(self, task: Task[O], given: Given, call: Call) -> Answer[O]:
        """Ask once, and once more with what was wrong; then give up rather than guess.

        The output is what the model answers with, the task's wire type where it has one.

        Raises:
            AbstainedError: The model or its provider cannot say.
            AnswerUnusableError: It did not answer in form, twice.
        """
        form = _form_of(task)
        prompt = prompt_of(task.name)
        shown, text = data_of(task, given, secret=self.secret)
        request = ModelRequest(
            role=task.role,
            system=prompt.text,
            parts=_parts(shown, given),
            schema=schema_of(form),
            tokens_max=_TOKENS_MAX,
        )
        reply = await self._asked(request, call, prompt)
        try:
            said = said_in(reply.text, form, text)
        except NotInFormError as error:
            again = replace(request, parts=(*request.parts, _wrong(reply, error)))
            reply = await self._asked(again, call, prompt)
            said = _second(reply, form, text)
        if said.output is None:
            raise AbstainedError("The AI model cannot answer this from what it was given.")
        return self._answer(said.output, reply, prompt, given)

    async def _asked(self, request: ModelRequest, call: Call, prompt: Prompt) -> ModelReply:
        reply = await self.governor.ask(self.model, request, call, prompt=prompt.version)
        if reply.finish != "done":
            raise AbstainedError(f"There is no answer: {_STOPPED[reply.finish]}.")
        return reply

    def _answer(
        self,
        output: TaskOutput,
        reply: ModelReply,
        prompt: Prompt,
        given: Given,
    ) -> Answer[Any]:
        tokens = reply.tokens
        return Answer(
            output,
            Maker(self.name, reply.model, prompt.version),
            tuple(Source(one.source) for one in given.record),
            {
                "tokens_in": tokens.input,
                "tokens_cached": tokens.cached,
                "tokens_out": tokens.output,
                "tokens_thinking": tokens.thinking,
            },
        )


_MEDIA = {
    "image-analysis": "image",
    "audio-transcription": "audio",
    "video-analysis": "video",
}
"""Tasks that need to be shown the file itself."""


def _form_of(task: Task[Any]) -> type[TaskOutput]:
    form: type[TaskOutput] = task.wire or task.output
    return form


def _parts(shown: str, given: Given) -> tuple[Part, ...]:
    if given.file is not None and isinstance(given.asked, FileInput):
        return Text(shown), Media(given.file.content, given.file.media_type)
    return (Text(shown),)


def _wrong(reply: ModelReply, error: NotInFormError) -> Text:
    return Text(
        "Your last reply cannot be used. What is wrong with it: "
        f"{error}\nYour last reply was:\n{reply.text}\nReply again, in the form asked for."
    )


def _second(reply: ModelReply, form: type[TaskOutput], text: str) -> Said[Any]:
    try:
        return said_in(reply.text, form, text)
    except NotInFormError as error:
        raise AnswerUnusableError from error
