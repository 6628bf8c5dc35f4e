"""What befalls a shape under load; each returns when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from careflow.operations.host.units import SOCKET
from tests.mongo_server import OwnServer
from tools.shapes.standing import Node, Shape, add_release

AWAY_S = 10.0
Fault = Callable[[Shape], Awaitable[None]]


def kill_a_node(server: OwnServer | None = None) -> Fault:
    """Return a fault that has a node die with its socket, as a machine does; it stays away."""

    async def kill(shape: Shape) -> None:
        node = shape.nodes[-1]
        await asyncio.to_thread(_die, node)
        if server is not None:
            await asyncio.to_thread(_end_abandoned, server)

    return kill


def replace_a_node(server: OwnServer | None = None) -> Fault:
    """Return a fault: a node dies, and one starts in its place with what is shared alone."""
    kill = kill_a_node(server)

    async def replace(shape: Shape) -> None:
        if shape.nodes[-1].runner.is_active(SOCKET):
            await kill(shape)
        await asyncio.to_thread(shape.nodes[-1].start)

    return replace


def _die(node: Node) -> None:
    node.runner.kill(node.unit)
    node.runner.stop(SOCKET)
    Path(node.layout.api).unlink()


def _end_abandoned(server: OwnServer) -> None:
    """Have the stand-in end now what a killed process left open; by itself it takes a minute."""
    client: MongoClient[dict[str, Any]] = MongoClient(server.url)
    with client:
        client.admin.command("killAllSessions", [])


async def roll_a_release(shape: Shape, release: str = "b" * 12) -> None:
    """Roll every node over to a release, one after the other."""
    for node in shape.nodes:
        add_release(node.layout, release)
        await asyncio.to_thread(node.roll, release)


def stop_the_database(server: OwnServer, *, away_s: float = AWAY_S) -> Fault:
    """Return a fault that kills the database and brings it back."""

    async def stop(_: Shape) -> None:
        server.kill()
        await asyncio.sleep(away_s)
        await asyncio.to_thread(server.start)

    return stop
