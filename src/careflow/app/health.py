"""Whether the process lives, and whether it can serve."""

# Annotations are evaluated here on purpose: FastAPI reads them.

from fastapi import APIRouter
from pydantic import BaseModel

import careflow
from careflow.composition import Platform


class LiveView(BaseModel):
    """The process answers."""

    status: str


class ReadyView(BaseModel):
    """The platform can serve: the database was read for this answer."""

    status: str
    version: str
    architecture: str
    database: str
    engines: list[str]


def router(platform: Platform) -> APIRouter:
    """Return the addresses under ``/api/health``; they need no sign-in and tell nothing private."""
    api = APIRouter(prefix="/api/health", tags=["health"])

    @api.get("/live")
    async def live() -> LiveView:
        """Answer while the process runs."""
        return LiveView(status="live")

    @api.get("/ready")
    async def ready() -> ReadyView:
        """Read the database and name what runs here."""
        await platform.check()
        return ReadyView(
            status="ready",
            version=careflow.__version__,
            architecture="embedded",
            database="sqlite",
            engines=list(platform.engines),
        )

    return api
