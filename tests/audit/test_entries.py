"""Names and bytes of entries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import careflow
from careflow.audit import actions
from careflow.audit.encoding import decode, encode
from careflow.audit.entry import AuditEntry
from tests.audit.conftest import an_entry

words = st.text(max_size=20)
entries = st.builds(
    AuditEntry,
    at=st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
    ),
    action=words,
    organisation=words,
    actor=words,
    role=words,
    patients=st.lists(words, max_size=3).map(tuple),
    subjects=st.lists(words, max_size=3).map(tuple),
    outcome=st.sampled_from(["success", "refused", "failed"]),
    reason=st.none() | words,
    request=st.none() | words,
)


@given(entries)
@settings(max_examples=60)
def test_an_entry_comes_back_as_it_was_written(entry: AuditEntry) -> None:
    assert decode(encode(entry)) == entry


def test_the_same_instant_in_another_zone_is_the_same_bytes() -> None:
    entry = an_entry()
    elsewhere = replace(entry, at=entry.at.astimezone(timezone(timedelta(hours=-5))))

    assert encode(elsewhere) == encode(entry)


def test_an_entry_is_one_short_line() -> None:
    line = encode(an_entry(at=datetime(2026, 11, 24, 9, 0, 0, 123000, tzinfo=UTC)))

    assert line == (
        b'["2026-11-24T09:00:00.123Z","records:patient:read","harbour","nia","nurse",'
        b'["p1"],["Patient/p1"],"success",null,null]'
    )


@pytest.mark.parametrize(
    "action",
    ["records:patient:read", "records:medicationrequest:vread", "ai:lab-results:run"],
)
def test_names_in_the_vocabulary_are_taken(action: str) -> None:
    actions.check(action)


@pytest.mark.parametrize(
    "action",
    ["", "read", "records:read", "records:patient:peek", "kitchen:patient:read", "Records:x:read"],
)
def test_a_name_outside_the_vocabulary_is_a_programming_error(action: str) -> None:
    with pytest.raises(ValueError, match=r"careflow\.audit\.actions"):
        actions.check(action)


def test_every_act_says_what_it_means() -> None:
    assert all(says for acts in actions.ACTS.values() for says in acts.values())


def test_every_name_written_in_the_source_is_in_the_vocabulary() -> None:
    rooms = "|".join(actions.ACTS)
    name = re.compile(rf'f?"((?:{rooms}):[^":\s]+:[a-z-]+)"')
    source = Path(careflow.__file__).parent
    written = [
        match for path in source.rglob("*.py") for match in name.findall(path.read_text("utf-8"))
    ]

    for action in written:
        actions.check(re.sub(r"\{[^}]*\}", "x", action))
    assert len(written) > 20
