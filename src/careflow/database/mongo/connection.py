"""Opening a client, and what is said when the server will not do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from pymongo import AsyncMongoClient, ReadPreference
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, InvalidName, InvalidURI, PyMongoError
from pymongo.monitoring import _EventListener
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from careflow.database.mongo.addresses import Address, BadAddressError
from careflow.database.mongo.bodies import Bodies
from careflow.database.mongo.failures import UnsuitableServerError, failure_of

Stored = dict[str, Any]
Collection = AsyncCollection[Stored]
Listeners = Sequence[_EventListener]

OLDEST_WIRE_VERSION = 25
OLDEST_RELEASE = "8.0"
"""The first release that takes the writes of a commit, to several collections, in one message."""

DURABLE = WriteConcern("majority", j=True, wtimeout=20_000)
"""What was acknowledged is in the journals of most members: nothing less survives both a killed
server and a change of the primary."""
SETTLED = ReadConcern("majority")
"""A read never shows what a change of the primary could take back."""
SNAPSHOT = ReadConcern("snapshot")
"""All of an answer is as of one instant: never half a bundle."""

_TIMEOUTS: dict[str, int] = {
    "serverSelectionTimeoutMS": 10_000,
    "connectTimeoutMS": 10_000,
    "socketTimeoutMS": 120_000,
}


class Connection:
    """One client, the database it serves, and how bodies are kept there."""

    def __init__(self, client: AsyncMongoClient[Stored], database: str, bodies: Bodies) -> None:
        self.client = client
        self.bodies = bodies
        self.database: AsyncDatabase[Stored] = client.get_database(
            database,
            read_concern=SETTLED,
            write_concern=DURABLE,
            read_preference=ReadPreference.PRIMARY,
        )
        self._asked = self.database.with_options(read_concern=SNAPSHOT)

    def __getitem__(self, collection: str) -> Collection:
        """Return a collection whose reads are settled and whose writes are durable."""
        return self.database[collection]

    def at_one_instant(self, collection: str) -> Collection:
        """Return a collection whose answers are each as of one instant."""
        return self._asked[collection]

    def namespace(self, collection: str) -> str:
        """Return how writes to several collections name one."""
        return f"{self.database.name}.{collection}"

    async def close(self) -> None:
        """Release the client."""
        await self.client.close()
        # The loop lets go of the sockets a turn later.
        await asyncio.sleep(0)


async def connect(address: Address, key: bytes, listeners: Listeners = ()) -> Connection:
    """Return a connection to a server that has been asked and will do.

    Raises:
        BadAddressError: The driver cannot make sense of the address.
        UnsuitableServerError: A standalone server, or one that is too old.
        careflow.errors.UnavailableError: It does not answer, or refuses us.
    """
    timeouts: dict[str, Any] = {
        name: ms for name, ms in _TIMEOUTS.items() if name.lower() not in address.options
    }
    try:
        client: AsyncMongoClient[Stored] = AsyncMongoClient(
            address.url, appname="CareFlowAI", event_listeners=list(listeners), **timeouts
        )
        connection = Connection(client, address.database, Bodies(key))
    except (InvalidURI, InvalidName, ConfigurationError, ValueError) as error:
        raise BadAddressError("The database address cannot be used: check its parts.") from error
    try:
        _check(await client.admin.command("hello"))
    except ConfigurationError as error:
        await connection.close()
        raise _too_old() from error
    except PyMongoError as error:
        await connection.close()
        raise failure_of(error) from error
    except BaseException:
        await connection.close()
        raise
    return connection


def _check(hello: Stored) -> None:
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise UnsuitableServerError(
            "The MongoDB server stands alone and has no transactions: start it as a replica set"
            " (one member is enough)."
        )
    if hello.get("maxWireVersion", 0) < OLDEST_WIRE_VERSION:
        raise _too_old()


def _too_old() -> UnsuitableServerError:
    return UnsuitableServerError(
        f"The MongoDB server is too old: CareFlowAI needs {OLDEST_RELEASE} or later."
    )
