"""Whether the process lives, and whether it can serve."""

# Annotations are evaluated here on purpose: FastAPI reads them.

from typing import ClassVar

from fastapi import APIRouter
from pydantic import BaseModel

import careflow
from careflow.composition import Platform
from careflow.errors import UnavailableError


class DrainingError(UnavailableError):
    """The process was told to stop; it still answers what reaches it."""

    code: ClassVar[str] = "health-draining"
    retry_after_s: ClassVar[int | None] = 1

    def __init__(self) -> None:
        super().__init__("This server is about to stop: ask another one.")


class Draining:
    """Whether this process was told to stop; whoever hears the signal says so here."""

    def __init__(self) -> None:
        self.has_begun = False

    def begin(self) -> None:
        """Have it say from now on that it is not ready."""
        self.has_begun = True


class LiveView(BaseModel):
    """The process answers."""

    status: str


class ReadyView(BaseModel):
    """The platform can serve: the database was read for this answer."""

    status: str
    version: str
    release: str | None
    architecture: str
    database: str
    engines: list[str]


def router(platform: Platform, draining: Draining) -> APIRouter:
    """Return the addresses under ``/api/health``; they need no sign-in and tell nothing private."""
    api = APIRouter(prefix="/api/health", tags=["health"])

    @api.get("/live")
    async def live() -> LiveView:
        """Answer while the process runs."""
        return LiveView(status="live")

    @api.get("/ready")
    async def ready() -> ReadyView:
        """Read the database and name what runs here; 503 once it was told to stop."""
        if draining.has_begun:
            raise DrainingError
        await platform.check()
        return ReadyView(
            status="ready",
            version=careflow.__version__,
            release=platform.shape.release,
            architecture=platform.shape.architecture,
            database=platform.shape.database,
            engines=list(platform.engines),
        )

    return api
