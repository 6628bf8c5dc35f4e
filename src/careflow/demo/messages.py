"""What patients of Harbour have written to the clinic when it opens."""

from __future__ import annotations

from collections.abc import Sequence

from careflow.composition import Platform
from careflow.demo.people import Person
from careflow.identity.actor import Actor, Role

_WRITTEN = (
    (3, "Hello, could you renew my blood pressure tablets? I have about a week left. Thank you."),
    (4, "Why was I charged again for the visit in October? The invoice says it was covered."),
    (
        5,
        "I would like to renew my inhaler. Since last night I cannot catch my breath and my chest"
        " feels tight when I lie down.",
    ),
    (6, "Buenos días, ¿podría cambiar mi cita del jueves a la semana que viene?"),
    (8, "I have had a sore throat and a runny nose for two days. Should I come in?"),
)
"""Number of the patient, and the words."""


async def send_messages(platform: Platform, everyone: Sequence[Person]) -> None:
    """Send what patients wrote, sorted on arrival like any message."""
    by_number = {person.number: person for person in everyone}
    for number, text in _WRITTEN:
        person = by_number[number]
        name = f"{person.given} {person.family}"
        writer = Actor(
            f"patient-{person.id}",
            name,
            Role.PATIENT,
            platform.organisation,
            session="",
            patient_id=person.id,
        )
        await platform.messages.send(text, writer)
