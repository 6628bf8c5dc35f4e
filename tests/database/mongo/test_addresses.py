"""What an address must say before anything is sent to it."""

from __future__ import annotations

import pytest

from careflow.database.mongo.addresses import BadAddressError, address_of


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://127.0.0.1/clinic",
        "mongodb://localhost:27017,127.0.0.2:27018/clinic?replicaSet=rs0",
        "mongodb://user:p%40ss@[::1]:27017/clinic",
        "mongodb://%2Ftmp%2Fmongodb-27017.sock/clinic",
        "mongodb://db.example/clinic?tls=true",
        "mongodb://db.example:27017/clinic?retryWrites=true&SSL=true",
        "mongodb+srv://user:secret@cluster.example/clinic?retryWrites=true",
    ],
)
def test_an_address_of_this_machine_or_with_tls_is_taken(url: str) -> None:
    assert address_of(url).database == "clinic"


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://db.example/clinic",
        "mongodb://db.example/clinic?tls=false",
        "mongodb://127.0.0.1,db.example/clinic",
        "mongodb://127.0.0.1.example/clinic",
        "mongodb://localhost@db.example/clinic",
        "mongodb+srv://cluster.example/clinic?ssl=false",
    ],
)
def test_an_address_of_another_machine_without_tls_is_refused(url: str) -> None:
    with pytest.raises(BadAddressError, match="add tls=true"):
        address_of(url)


@pytest.mark.parametrize(
    "option", ["tlsInsecure", "tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames"]
)
def test_tls_that_checks_nothing_is_refused(option: str) -> None:
    with pytest.raises(BadAddressError, match="certificate must be checked"):
        address_of(f"mongodb://db.example/clinic?tls=true&{option}=true")


@pytest.mark.parametrize("url", ["", "mongodb:", "mongodb:///clinic", "postgres://db/clinic"])
def test_what_is_no_address_of_mongodb_is_refused(url: str) -> None:
    with pytest.raises(BadAddressError, match="must look like"):
        address_of(url)


def test_an_address_without_a_name_has_ours() -> None:
    assert address_of("mongodb://127.0.0.1").database == "careflow"


def test_no_password_is_shown() -> None:
    assert "secret" not in repr(address_of("mongodb+srv://user:secret@cluster.example/clinic"))
