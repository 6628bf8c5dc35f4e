"""Links, the outbox and calendar feeds over HTTP: who may, and what is told to nobody."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest

from careflow.composition import Platform
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.messaging.links import Link, Purpose
from careflow.messaging.stored import Message
from tests.api.conftest import AsRole
from tests.api.test_visits import Times, book, times

__all__ = ["times"]

WRONG = "messaging-no-such-link"


async def link_to(platform: Platform, visit: str, purpose: Purpose) -> str:
    """Return the token of a link, as a message would carry it."""
    links = platform.messaging.visiting.links
    until = platform.clock() + timedelta(days=1)
    link = Link(purpose=purpose, patient="p1", visit=visit, until=until)
    async with Work(platform.documents) as work:
        return links.put(work, link, message="m")


async def test_a_visit_is_seen_confirmed_and_cancelled_by_link_without_an_account(
    platform: Platform, as_role: AsRole, times: Times, written: io.StringIO
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        made = await book(desk, times(0), patient="p1", comment="A rash")
    visit = made.json()["id"]
    confirm = await link_to(platform, visit, "confirm")
    cancel = await link_to(platform, visit, "cancel")
    async with as_role(None) as nobody:
        seen = await nobody.post("/api/links/look", json={"link": confirm})
        said = await nobody.post("/api/links/confirm", json={"link": confirm})
        other = await nobody.post("/api/links/cancel", json={"link": confirm})
        gone = await nobody.post("/api/links/cancel", json={"link": cancel})
        over = await nobody.post("/api/links/look", json={"link": confirm})
    assert (seen.status_code, seen.json()["state"], seen.json()["can"]) == (
        200,
        "booked",
        ["confirm"],
    )
    assert seen.json()["policy"]["cutoff_minutes"] == 60
    assert seen.json()["visit"]["when"]["text"].endswith(seen.json()["visit"]["when"]["letters"])
    assert said.json()["state"] == "confirmed"
    assert gone.json()["state"] == "cancelled"
    assert (other.status_code, other.json()["code"]) == (404, WRONG)
    assert (over.status_code, over.json()["code"]) == (404, WRONG)
    for answer in (seen, said, gone):
        assert "rash" not in answer.text
        assert "Open" not in answer.text
    assert confirm not in written.getvalue()
    assert cancel not in written.getvalue()


async def test_a_move_by_link_takes_a_fresh_opening_and_a_taken_one_is_refused(
    platform: Platform, as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        made = await book(desk, times(0), patient="p1")
        await book(desk, times(2), "k2", patient="p2")
    token = await link_to(platform, made.json()["id"], "move")
    async with as_role(None) as nobody:
        offered = await nobody.post("/api/links/openings", json={"link": token, "count": 20})
        taken = {"link": token, "start": times(2), "practitioner": "d1"}
        refused = await nobody.post("/api/links/move", json=taken)
        free = {"link": token, "start": times(3), "practitioner": "d1"}
        moved = await nobody.post("/api/links/move", json=free)
        again = await nobody.post("/api/links/move", json=free)
    starts = [one["start"] for one in offered.json()["openings"]]
    assert times(3) in starts
    assert times(2) not in starts
    assert (refused.status_code, refused.json()["code"]) == (409, "scheduling-slot-taken")
    assert (moved.status_code, moved.json()["visit"]["when"]["start"]) == (200, times(3))
    assert again.json() == moved.json()


async def test_whoever_tries_links_is_told_the_same_and_then_to_wait(as_role: AsRole) -> None:
    async with as_role(None) as nobody:
        answers = [
            await nobody.post("/api/links/look", json={"link": f"guess-{number}"})
            for number in range(22)
        ]
    assert {one.json()["code"] for one in answers[:20]} == {WRONG}
    assert len({one.json()["detail"] for one in answers[:20]}) == 1
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


async def test_the_desk_sees_what_went_and_sends_again_what_did_not(
    platform: Platform, as_role: AsRole, times: Times
) -> None:
    outbox = platform.messaging.sending.gathering.outbox
    sent = Message(
        id="m1",
        patient="p1",
        kind="reminder",
        at=platform.clock(),
        way="mail",
        contact="ebb@mail.example",
        state="sent",
        subject="Reminder: your visit at Clinic",
        text="…",
    )
    unsent = Message(
        id="m2",
        patient="p2",
        kind="booked",
        at=platform.clock(),
        state="not-sent",
        why="no-mail-server",
    )
    async with Work(platform.documents) as work:
        for one in (sent, unsent):
            outbox.put_message(work, one, expected=0)
    async with as_role(Role.RECEPTIONIST) as desk:
        listed = (await desk.get("/api/outbox")).json()
        theirs = (await desk.get("/api/outbox", params={"patient": "p2"})).json()
        again = await desk.post("/api/outbox/m1/send-again")
        never = await desk.post("/api/outbox/m2/send-again")
    assert listed["ways"] == {"mail": "off", "sms": "off"}
    assert [one["to"] for one in listed["messages"] if one["id"] == "m1"] == ["e•••@mail.example"]
    (one,) = theirs["messages"]
    assert (one["why"], one["can_send_again"]) == ("Not sent: no e-mail server.", True)
    # One went, and nothing stands in the other.
    assert {again.json()["code"], never.json()["code"]} == {"messaging-not-to-be-sent-again"}


async def test_e30_a_feed_is_its_owners_and_its_address_is_all_it_takes(
    as_role: AsRole, times: Times
) -> None:
    async with as_role(Role.RECEPTIONIST) as desk:
        await book(desk, times(0), patient="p1")
        await book(desk, times(1), "k2", patient="p2")
    async with as_role(Role.PATIENT) as patient:
        none = await patient.get("/api/feeds")
        made = await patient.post("/api/feeds")
        some = await patient.get("/api/feeds")
        async with as_role(None) as program:
            feed = await program.get(made.json()["address"])
            wrong = await program.get("/api/feeds/" + "x" * 43 + ".ics")
        ended = await patient.delete("/api/feeds")
        async with as_role(None) as program:
            over = await program.get(made.json()["address"])
    assert (none.json()["exists"], some.json()["exists"]) == (False, True)
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert feed.text.count("BEGIN:VEVENT") == 1
    assert ended.status_code == 204
    assert (wrong.status_code, over.status_code) == (404, 404)
    assert wrong.json()["code"] == over.json()["code"]


@pytest.mark.parametrize("path", ["look", "confirm", "cancel", "late", "stop"])
async def test_a_link_is_posted_and_nothing_else_is_taken(path: str, as_role: AsRole) -> None:
    async with as_role(None) as nobody:
        for body in ({}, {"link": ""}, {"link": "x", "visit": "v1"}, {"link": "x" * 500}):
            answer = await nobody.post(f"/api/links/{path}", json=body)
            assert answer.status_code == 422, json.dumps(body)
