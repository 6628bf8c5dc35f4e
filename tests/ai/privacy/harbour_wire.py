"""Harbour's forty patients behind an engine on a stand-in, and what must never be seen there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careflow.ai.answers import Outcome, outcome_of
from careflow.ai.asking import TASKS, given_of
from careflow.ai.words import folded
from careflow.composition import Platform, open_platform
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.demo.histories import histories, history_resources
from careflow.demo.opening import SEED
from careflow.demo.people import STAFF, Person, clinic_resources, patient_resource, people
from careflow.identity.actor import Actor, Role
from tests.ai.samples import SAMPLES
from tests.api.conftest import FAST_HASH, scratch_settings
from tests.standins.gemini import GeminiStandin
from tests.standins.openai import OpenAIStandin
from tests.standins.serving import serving

ADA = Actor("a-1", "Dr Ada Lindqvist", Role.CLINICIAN, "harbour", "s", practitioner_id="ada")
ABOUT_A_PATIENT = ("health-risk", "decision-support", "treatment-plan")
TEXT_TASKS = tuple(name for name in SAMPLES if "text" in SAMPLES[name])


@dataclass(frozen=True)
class Wire:
    """A synthetic clinic whose engines are elsewhere."""

    platform: Platform
    gemini: GeminiStandin
    openai: OpenAIStandin
    everyone: list[Person]

    async def ask(self, name: str, data: dict[str, Any], person: Person) -> Outcome:
        """Ask a task about a patient, as the screens do."""
        task, gateway = TASKS[name], self.platform.gateway
        given = await self.platform.histories.gathered(task, given_of(task, data), ADA)
        call = await gateway.call(
            task, organisation=self.platform.organisation, actor=ADA.id, patient=person.id
        )
        return await outcome_of(gateway, task, given, call)


@asynccontextmanager
async def open_wire(folder: Path, engines: str) -> AsyncIterator[Wire]:
    """Open Harbour with these engines, over servers on this machine."""
    gemini, openai = GeminiStandin(), OpenAIStandin()
    policy = folder / "policy.toml"
    policy.write_text("[prices.own-model]\ninput = 0\noutput = 0\n", encoding="utf-8")
    with serving(gemini) as gemini_address, serving(openai) as openai_address:
        settings = scratch_settings(
            folder,
            organisation="harbour",
            clinic_name="Harbour Clinic",
            ai_engines=engines,
            ai_policy=policy,
            gemini_base_url=gemini_address,
            gemini_mode="paid",
            gemini_api_key="a-key",
            openai_base_url=f"{openai_address}/v1",
            openai_models="own-model",
        )
        platform = await open_platform(settings, synthetic=True, password_cost=FAST_HASH)
        everyone = people(SEED, platform.clock().astimezone(platform.zone).date())
        await _fill(platform, everyone)
        yield Wire(platform, gemini, openai, everyone)
        await platform.close()


async def _fill(platform: Platform, everyone: list[Person]) -> None:
    """Store the clinic's people, places and past."""
    pasts = histories(everyone, SEED, platform.clock().date())
    resources = [
        *clinic_resources(),
        *(patient_resource(person, SEED) for person in everyone),
        *(one for past in pasts for one in history_resources(past, SEED)),
    ]
    scope = organisation_scope(platform.organisation)
    async with Work(platform.documents) as work:
        for one in resources:
            await platform.records.update(
                work, one, actor=platform.operator, expected=0, scope=scope
            )


def note_about(person: Person) -> str:
    """Return a note that says everything that identifies a patient, in many ways."""
    said = patient_resource(person, SEED)
    phone, email = (one["value"] for one in said["telecom"])
    address = said["address"][0]
    street, town = address["line"][0], address.get("city", "")
    born = person.born
    return (
        f"PROGRESS NOTE\nPatient: {person.family.upper()}, {person.given.upper()}\n"
        f"MRN: {person.record_number}   DOB: {born:%m/%d/%Y}\nAddress: {street}, {town}\n"
        f"Phone {phone}, e-mail {email}. Chart id {person.id}-20261124.\n\n"
        f"{person.prefix}. {person.family} was seen by Dr. Ada Lindqvist for a cough. "
        f"{person.given} {person.family} (born {born:%B} {born.day}, {born.year}) has no fever. "
        f"Takes lisinopril 10 mg daily. Blood pressure 128/76, heart rate 72. Strength 5/5. "
        f"{person.given}'s lungs are clear. Born {born.isoformat()}, {born:%d.%m.%Y}. "
        f"Call {phone.removeprefix('+1-')} with results. Return in 2 weeks to see "
        f"{person.given} {person.family}"
    )


def inputs_about(name: str, person: Person) -> dict[str, Any]:
    """Return an input of a task that is about a patient."""
    if name in ABOUT_A_PATIENT:
        return {"patient": person.id}
    if name == "patient-chat":
        asked = f"I am {person.given} {person.family}. What was my last blood pressure?"
        return {"patient": person.id, "messages": [{"role": "patient", "text": asked}]}
    if name == "appointment-summary":
        return {"dialogue": note_about(person)}
    if name == "literature-search":
        article = {"id": "a1", "title": "Honey", "text": "Honey helped a cough in children."}
        return {"question": f"Does honey help {person.given} {person.family}?", "corpus": [article]}
    return {**SAMPLES[name], "text": note_about(person)}


def identifiers_of(person: Person) -> Iterator[str]:
    """Yield what of a patient no wire may carry."""
    said = patient_resource(person, SEED)
    phone, email = (one["value"] for one in said["telecom"])
    address = said["address"][0]
    yield rf"\b{folded(person.family)}\b"
    yield rf"\b{folded(person.given)}\b"
    yield rf"{phone[-8:-5]}.?{phone[-4:]}\b"
    yield re.escape(email.partition("@")[0])
    yield from map(re.escape, address["line"])
    yield rf"\b{re.escape(address.get('postalCode', 'none'))}\b"
    yield rf"{re.escape(person.record_number)}|\b{person.record_number[3:]}\b"
    yield rf"\b{person.id}-|patient/{person.id}\b|\"{person.id}\""


def birth_dates_of(person: Person) -> Iterator[str]:
    """Yield a patient's date of birth in the ways in which it is written."""
    born = person.born
    month = f"(?:{born:%B}|{born:%b})"
    yield rf"{born:%Y}.?{born:%m}.?{born:%d}|{born:%m}.?{born:%d}.?{born:%Y}"
    yield rf"{born:%d}.?{born:%m}.?{born:%Y}"
    yield rf"\b{born.month}/{born.day}/(?:{born:%Y}|{born:%y})\b"
    yield rf"\b(?:{month}.?{born.day}(?:st|nd|rd|th)?|{born.day}.?{month}),?.?{born:%Y}\b"


def data_sent(server: GeminiStandin | OpenAIStandin, since: int = 0) -> list[str]:
    """Return what stood between the marks of every request from a number on, folded."""
    texts: list[str] = []
    for request in server.requests[since:]:
        said = json.dumps(request, ensure_ascii=False).replace("\\n", "\n").replace('\\"', '"')
        texts += re.findall(r"<data \w+>(.*?)</data", folded(said), re.DOTALL)
    return texts


def leaks(person: Person, own: list[str], everybodys: list[str]) -> list[str]:
    """Return the patterns of a patient's identifiers that were found among what was sent.

    A moved date of one patient may be the birth date of another; of whom it tells nothing.
    """
    shown, told = "\n".join(everybodys), "\n".join(own)
    return [
        *(one for one in identifiers_of(person) if re.search(one, shown, re.IGNORECASE)),
        *(one for one in birth_dates_of(person) if re.search(one, told, re.IGNORECASE)),
    ]


def staff_named(texts: list[str]) -> list[str]:
    """Return the staff's names that were found among what was sent."""
    shown = "\n".join(texts)
    return [one.family for one in STAFF if re.search(rf"\b{folded(one.family)}\b", shown)]


async def asked_about(
    wire: Wire, person: Person, names: tuple[str, ...]
) -> list[tuple[str, Outcome]]:
    """Ask tasks about one patient, one after another."""
    found = []
    for name in names:
        found.append((name, await wire.ask(name, inputs_about(name, person), person)))
        await asyncio.sleep(0)
    return found
