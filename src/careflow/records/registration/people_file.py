"""A table of patients as another system wrote it: headers in English or Spanish, rows as people."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from careflow.errors import BadInputError
from careflow.records.directory import date_typed
from careflow.records.registration.registering import Newcomer, Way

_HEADERS: Final = {
    "family": "family lastname surname familyname apellido apellidos primerapellido",
    "given": "given firstname givenname forename nombre nombres primernombre",
    "birth_date": "birthdate dob dateofbirth born fechadenacimiento fechanacimiento nacimiento",
    "sex": "sex gender sexo genero",
    "phone": "phone telephone mobile cell phonenumber telefono movil celular",
    "email": "email mail emailaddress correo correoelectronico",
    "language": "language preferredlanguage idioma lengua",
    "line": "address street addressline address1 direccion calle domicilio",
    "city": "city town ciudad localidad",
    "state": "state province estado provincia",
    "postal_code": "zip zipcode postalcode postcode codigopostal cp",
    "number": "recordnumber mrn chartnumber patientid id numero numerodehistoria expediente",
}
"""What columns are called, without case, accents and marks."""
_FIELDS: Final = {word: name for name, words in _HEADERS.items() for word in words.split()}
_SEX: Final = {
    **dict.fromkeys(("f", "female", "woman", "mujer", "femenino"), "female"),
    **dict.fromkeys(("m", "male", "man", "hombre", "masculino", "h"), "male"),
    **dict.fromkeys(("o", "x", "other", "otro", "otra"), "other"),
}
_LANGUAGES: Final = {"english": "en", "ingles": "en", "spanish": "es", "espanol": "es"}


class ColumnsMissingError(BadInputError):
    """A table without names or birth dates."""

    code: ClassVar[str] = "records-columns-missing"

    def __init__(self) -> None:
        super().__init__("The table needs columns for family name, given name and birth date.")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: somebody, or why it cannot be read."""

    line: int
    newcomer: Newcomer | None
    number: str | None = None
    problem: str | None = None


def rows_of(path: Path) -> Iterator[Row]:
    """Yield a table's rows; separators are commas, semicolons or tabs.

    Raises:
        ColumnsMissingError: It has no columns for names or birth dates.
    """
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        head = file.readline()
        file.seek(0)
        separator = max(",;\t", key=head.count)
        reader = csv.reader(file, delimiter=separator)
        names = [_FIELDS.get(_bare(name)) for name in next(reader, [])]
        if not {"family", "given", "birth_date"} <= set(names):
            raise ColumnsMissingError
        for cells in reader:
            if any(cell.strip() for cell in cells):
                pairs = zip(names, cells, strict=False)
                told = {name: cell.strip() for name, cell in pairs if name and cell.strip()}
                yield _row(reader.line_num, told)


def _row(line: int, told: dict[str, str]) -> Row:
    born = _born(told.get("birth_date", ""))
    if "family" not in told or "given" not in told:
        return Row(line, None, problem="The family or the given name is missing.")
    if born is None:
        return Row(line, None, problem="The birth date cannot be read: write 1984-03-02.")
    if "email" in told and not re.fullmatch(r"[^@\s]+@[^@\s]+", told["email"]):
        return Row(line, None, problem="The e-mail address is not one.")
    newcomer = Newcomer(
        family=told["family"],
        given=told["given"],
        birth_date=born.isoformat(),
        sex=_SEX.get(_bare(told.get("sex", ""))),
        language=_language(told.get("language", "")),
        phones=(Way(told["phone"]),) if "phone" in told else (),
        emails=(Way(told["email"]),) if "email" in told else (),
        line=told.get("line"),
        city=told.get("city"),
        state=told.get("state"),
        postal_code=told.get("postal_code"),
    )
    return Row(line, newcomer, number=told.get("number"))


def _born(text: str) -> date | None:
    """Return a birth date as the desk types one; a first number over 12 can only be a day."""
    found = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    if found and int(found[1]) > 12:
        text = f"{found[2]}/{found[1]}/{found[3]}"
    return date_typed(text)


def _language(text: str) -> str | None:
    bare = _bare(text)
    known = _LANGUAGES.get(bare)
    return known or (text if re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", text) else None)


def _bare(text: str) -> str:
    spelled = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", spelled)
