"""The address to which the provider of text messages hands answers on."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from careflow.messaging.replies.hearing import PATH, Hearing


def router(hearing: Hearing) -> APIRouter:
    """Return the address; it needs no sign-in but the provider's signature."""
    api = APIRouter(tags=["replies"])

    @api.post(PATH)
    async def hear_reply(
        request: Request, signature: Annotated[str, Header(alias="X-Twilio-Signature")] = ""
    ) -> Response:
        """Take in an answer to a text message; nothing is said to it."""
        body = (await request.body()).decode("utf-8", "replace")
        form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=100))
        await hearing.hear(form, signature)
        return Response("<Response/>", media_type="text/xml")

    return api
