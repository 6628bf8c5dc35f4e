"""What is stored is what was sent, with id, version and time put in."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from careflow.fhir.resource import parse, stamp
from tests.fhir.builders import a_patient, as_bytes

NOON = datetime(2026, 11, 24, 12, 0, 0, 5000, tzinfo=UTC)


def stamped(body: bytes) -> bytes:
    return stamp(parse(body), id="new", version=3, updated=NOON)


def test_numbers_keep_their_digits() -> None:
    body = (
        b'{"resourceType":"Observation","status":"final","code":{"text":"x"},'
        b'"valueQuantity":{"value":72.50},"component":[{"code":{"text":"y"},'
        b'"valueQuantity":{"value":1.10E+2}},{"code":{"text":"z"},'
        b'"valueQuantity":{"value":0.1000000000000000055511151231257827}}]}'
    )

    kept = stamped(body)

    for digits in (b"72.50", b"1.10E+2", b"0.1000000000000000055511151231257827"):
        assert digits in kept


def test_type_id_and_meta_come_first_and_the_rest_keeps_its_order() -> None:
    body = b'{"gender":"male","id":"old","active":true,"resourceType":"Patient"}'

    assert stamped(body) == (
        b'{"resourceType":"Patient","id":"new","meta":{"versionId":"3",'
        b'"lastUpdated":"2026-11-24T12:00:00.005Z"},"gender":"male","active":true}'
    )


def test_other_members_of_meta_stay() -> None:
    meta = {
        "lastUpdated": "2001-01-01T00:00:00Z",
        "profile": ["http://a.example/p"],
        "versionId": "99",
        "tag": [{"code": "t"}],
    }

    kept = json.loads(stamped(as_bytes(a_patient(meta=meta))))["meta"]

    assert kept == {
        "versionId": "3",
        "lastUpdated": "2026-11-24T12:00:00.005Z",
        "profile": ["http://a.example/p"],
        "tag": [{"code": "t"}],
    }


def test_spacing_and_escapes_inside_members_stay() -> None:
    name = b'[ { "family":"\\u00c5s", "text" : "a\\/b" } ]'

    for before in (b'"resourceType":"Patient", ', b'"active":true, "resourceType":"Patient", '):
        assert name in stamped(b"{" + before + b'"name" : ' + name + b"}")


@pytest.mark.parametrize(
    "body",
    [
        b'{"resourceType":"Patient","id":"old","active":true}',
        b' {\n "resourceType" : "Patient",\n "id" : "old",\n "active":true}\n',
        b'{"resourceType":"Patient","active":true}',
        b'{"resourceType":"Patient","active":true,"id":"old"}',
        b'{"id":"old","resourceType":"Patient","active":true}',
        b'{"active":true,"meta":{"versionId":"9"},"resourceType":"Patient"}',
        b'{"resourceType":"Patient","id":"old","meta":{"versionId":"9"},"active":true}',
        b'{"resourceType":"Patient","\\u0069d":"old","active":true}',
    ],
)
def test_wherever_type_id_and_meta_stand_the_same_is_stored(body: bytes) -> None:
    assert stamped(body) == (
        b'{"resourceType":"Patient","id":"new","meta":{"versionId":"3",'
        b'"lastUpdated":"2026-11-24T12:00:00.005Z"},"active":true}'
    )


def test_what_was_stamped_is_valid_and_can_be_stamped_again() -> None:
    once = stamped(as_bytes(a_patient()))

    assert stamp(parse(once), id="new", version=3, updated=NOON) == once
