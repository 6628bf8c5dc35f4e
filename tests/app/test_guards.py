"""What holds for every request, whatever answers it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from careflow.app.frontend import Frontend
from careflow.app.guards import JSON_BODY_LIMIT, Application, Guards, Receive, Scope, Send, respond


async def ask(
    application: Application,
    path: str,
    *,
    method: str = "GET",
    headers: Sequence[tuple[bytes, bytes]] = (),
    chunks: Sequence[bytes] = (b"",),
) -> tuple[int, dict[str, str], bytes, int]:
    """Drive an ASGI application; return status, headers, body and how many chunks it took."""
    waiting = list(chunks)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers)}
    await application(scope, receive, send)
    answer = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(m.get("body", b"") for m in sent[1:])
    return sent[0]["status"], answer, body, len(chunks) - len(waiting)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    await respond(send, 200, message["body"], "text/plain")


async def test_every_answer_carries_safe_headers_and_a_request_number() -> None:
    _, headers, _, _ = await ask(Guards(echo, mint=lambda: "r1"), "/api/x")

    assert headers["x-request-id"] == "r1"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


async def test_a_body_passes_unchanged_below_the_limit() -> None:
    _, _, body, _ = await ask(
        Guards(echo, mint=lambda: "r"), "/api/x", method="POST", chunks=(b"ab", b"cd")
    )

    assert body == b"abcd"


async def test_a_body_that_says_it_is_too_large_is_refused_unread() -> None:
    status, _, _, taken = await ask(
        Guards(echo, mint=lambda: "r"),
        "/api/x",
        method="POST",
        headers=[(b"content-length", b"1000000000")],
        chunks=(b"x",) * 3,
    )

    assert (status, taken) == (413, 0)


async def test_a_body_that_grows_too_large_is_refused_when_it_does() -> None:
    chunk = b"x" * (JSON_BODY_LIMIT // 2 + 1)

    status, _, body, taken = await ask(
        Guards(echo, mint=lambda: "r"), "/api/x", method="POST", chunks=(chunk,) * 100
    )

    assert (status, taken) == (413, 2)
    assert b'"code":"too-large"' in body


def _site(folder: Path) -> Frontend:
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html>page")
    (folder / "assets" / "app-1a2b.js").write_text("let x = 1;" * 200)
    (folder.parent / "secret.txt").write_text("secret")
    return Frontend(folder)


async def test_a_deep_link_gets_the_page_and_is_not_kept(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()

    status, headers, body, _ = await ask(_site(folder), "/chart/p1/summary")

    assert (status, body) == (200, b"<!doctype html>page")
    assert headers["cache-control"] == "no-cache"


async def test_hashed_assets_are_kept_for_ever_and_sent_compressed(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()

    status, headers, body, _ = await ask(
        _site(folder), "/assets/app-1a2b.js", headers=[(b"accept-encoding", b"gzip, br")]
    )

    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert "immutable" in headers["cache-control"]
    assert len(body) < 500


async def test_a_missing_asset_and_a_path_outside_are_not_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    site = _site(folder)

    missing, _, _, _ = await ask(site, "/assets/app-old.js")
    outside, _, body, _ = await ask(site, "/../secret.txt")

    assert (missing, outside) == (404, 404)
    assert b"secret" not in body
