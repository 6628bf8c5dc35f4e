"""A table of patients: said first, stored after, and nobody twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.identity.actor import Actor, Role
from careflow.records.registration.people_file import ColumnsMissingError, rows_of
from careflow.records.registration.people_import import PeopleImport, PeopleReport
from careflow.records.registration.registering import Registration

FIN = Actor("fin", "Fin", Role.RECEPTIONIST, "harbour", session="s")
ENGLISH = """Last Name,First Name,DOB,Sex,Phone,E-mail,MRN
Johnson,Paul,1984-03-02,M,207-555-0107,paul@mail.example,77
Okafor,Ngozi,05/17/1990,F,,,78
Jonson,Paul,1984-03-02,,,,79
Tide,,1970-01-02,F,,,80
Tide,Ebb,someday,F,,,81
Tide,Ebb,2990-01-01,F,,,82
Tide,Flo,1970-01-02,F,,no address,83
"""
SPANISH = """Apellidos;Nombre;Fecha de nacimiento;Sexo;Teléfono;Idioma
García López;María;17/05/1990;Mujer;+34 600 111 222;Español
"""


async def take(
    registration: Registration, folder: Path, text: str = ENGLISH, *, dry_run: bool = False
) -> PeopleReport:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return await PeopleImport(registration, FIN, dry_run).take(path)


async def stored(registration: Registration) -> int:
    query = Query("Patient", count=0, total=True)
    page = await registration.documents.find(query, organisation_scope("harbour"))
    return page.total or 0


async def test_a_dry_run_says_what_the_run_then_does_and_stores_nothing(
    registration: Registration, tmp_path: Path
) -> None:
    said = await take(registration, tmp_path, dry_run=True)
    assert await stored(registration) == 0
    done = await take(registration, tmp_path)
    assert said == done
    assert (done.new, done.same) == (2, 1)
    assert [line for line, _ in done.bad] == [5, 6, 7, 8]
    assert await stored(registration) == 2


async def test_a_second_run_adds_nobody(registration: Registration, tmp_path: Path) -> None:
    await take(registration, tmp_path)
    again = await take(registration, tmp_path)
    assert (again.new, again.same) == (0, 3)
    assert await stored(registration) == 2


async def test_a_likely_twin_is_named_by_line_and_left_out(
    registration: Registration, tmp_path: Path
) -> None:
    await take(registration, tmp_path)
    text = "family,given,birthdate\nJohnson,Paul,1984-03-12\n"
    report = await take(registration, tmp_path, text)
    assert (report.new, report.twins) == (0, [2])


def test_a_table_in_spanish_is_read_by_its_headers(tmp_path: Path) -> None:
    path = tmp_path / "personas.csv"
    path.write_text(SPANISH, encoding="utf-8")
    (row,) = rows_of(path)
    assert row.newcomer is not None
    assert row.newcomer.family == "García López"
    assert (row.newcomer.birth_date, row.newcomer.sex) == ("1990-05-17", "female")
    assert row.newcomer.language == "es"


def test_a_table_without_birth_dates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("family,given\nTide,Ebb\n", encoding="utf-8")
    with pytest.raises(ColumnsMissingError):
        list(rows_of(path))
