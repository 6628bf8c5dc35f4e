"""Serves the built web application: hashed assets for ever, the page itself afresh."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from careflow.app import problems
from careflow.app.guards import Message, Receive, Scope, Send, respond

_IMMUTABLE = b"public, max-age=31536000, immutable"
_FRESH = b"no-cache"
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")


@dataclass(slots=True)
class _Asset:
    content: bytes
    media_type: str
    cache: bytes
    zipped: bytes | None = None

    def compressed(self) -> bytes | None:
        if not self.media_type.startswith(_COMPRESSIBLE):
            return None
        if self.zipped is None:
            self.zipped = gzip.compress(self.content, 6, mtime=0)
        return self.zipped


class Frontend:
    """A raw ASGI application over a folder; unknown pages get ``index.html``, assets a 404.

    Files are read once, on first use: the folder is part of the installed package.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._assets: dict[Path, _Asset] = {}

    def is_built(self) -> bool:
        """Report whether the package carries the web application."""
        return (self._folder / "index.html").is_file()

    @property
    def kept(self) -> int:
        """Return how many files are kept in memory: never more than the folder has."""
        return len(self._assets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer a GET or HEAD; anything else is refused."""
        if scope["method"] not in {"GET", "HEAD"}:
            document = problems.of_status(405)
            await respond(send, 405, problems.body(document), problems.MEDIA_TYPE)
            return
        asset = self._find(scope["path"])
        if asset is None:
            await respond(send, 404, problems.body(problems.of_status(404)), problems.MEDIA_TYPE)
            return
        await self._send(asset, scope, send)

    def _find(self, path: str) -> _Asset | None:
        name = path.lstrip("/") or "index.html"
        file = self._file(name)
        if file is None:
            # A last part with a dot asks for a file; without one it is a page of the application.
            if "." in name.rsplit("/", 1)[-1] or name == "index.html":
                return None
            return self._find("/index.html")
        if file not in self._assets:
            media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            is_hashed = file.is_relative_to(self._folder / "assets")
            cache = _IMMUTABLE if is_hashed else _FRESH
            self._assets[file] = _Asset(file.read_bytes(), media_type, cache)
        return self._assets[file]

    def _file(self, name: str) -> Path | None:
        """Return the file of the folder that a path names, however it is spelt."""
        try:
            file = (self._folder / name).resolve()
            is_ours = file.is_relative_to(self._folder) and file.is_file()
        except (OSError, ValueError):
            # Longer than a path may be, or no text that a file can be called.
            return None
        return file if is_ours else None

    async def _send(self, asset: _Asset, scope: Scope, send: Send) -> None:
        body = asset.content
        headers = [
            (b"content-type", asset.media_type.encode()),
            (b"cache-control", asset.cache),
            (b"vary", b"accept-encoding"),
        ]
        accepted = next((v for n, v in scope["headers"] if n == b"accept-encoding"), b"")
        if b"gzip" in accepted and (zipped := asset.compressed()) is not None:
            body = zipped
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
        start: Message = {"type": "http.response.start", "status": 200, "headers": headers}
        await send(start)
        await send(
            {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
        )
