"""What a host's settings must keep before anything is put on it."""

from __future__ import annotations

from careflow.settings import SettingsError, load


def check_reachable(address: str) -> None:
    """Return if the database's address protects what is sent there.

    Raises:
        careflow.errors.BadInputError: It would send records over a network unprotected.
    """
    if load({}, database_url=address).database_kind != "mongodb":
        return
    try:
        from careflow.database.mongo.addresses import address_of
    except ModuleNotFoundError as error:
        raise SettingsError(
            "The database is MongoDB, whose driver is not installed: add careflow[mongo]."
        ) from error
    address_of(address)
