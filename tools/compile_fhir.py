"""Compiles HL7's R4 definitions into ``src/careflow/fhir/definitions/r4.jsonl``.

Run it only when the source or the compiler changes; the output is committed::

    python -m tools.compile_fhir PATH/TO/definitions
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tools.fhir_compiler.codes import read_code_sets, short_name
from tools.fhir_compiler.elements import Field, Structure, read_structures
from tools.fhir_compiler.invariants import read_rules
from tools.fhir_compiler.package import Json, Package, read_package
from tools.fhir_compiler.search_paths import read_search

OUTPUT = Path(__file__).parent.parent / "src/careflow/fhir/definitions/r4.jsonl"
HEADER = {
    "source": "HL7 FHIR R4 definitions, http://hl7.org/fhir/R4/downloads.html",
    "version": "4.0.1",
    "licence": "CC0-1.0",
    "made_by": "tools/compile_fhir.py",
}


def main() -> None:
    """Read the package named on the command line, write the compact lines, report what is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("definitions", type=Path, help="folder of <Kind>.ndjson.gz")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    package = read_package(arguments.definitions)
    skipped: dict[str, list[tuple[str, str]]] = {"rules": [], "search": []}
    text = "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        for line in compile_lines(package, skipped)
    )
    arguments.output.write_text(text, encoding="utf-8")
    print(f"{arguments.output}: {len(text.encode())} bytes")
    for kind, reasons in skipped.items():
        for name, reason in sorted(set(reasons)):
            print(f"  left out of {kind}: {name}: {reason}")


def compile_lines(package: Package, skipped: dict[str, list[tuple[str, str]]]) -> Iterator[Json]:
    """Yield the header, then code sets, types, search parameters and compartments."""
    structures = read_structures(package)
    codes = read_code_sets(package, structures)
    yield HEADER
    for name, values in codes.items():
        yield {"codes": name, "values": values}
    for structure in structures.values():
        rules, left_out = read_rules(structure, structures)
        skipped["rules"] += left_out
        yield _type_line(structure, codes) | {
            "rules": [[rule.key, rule.human, rule.python] for rule in rules]
        }
    search, left_out = read_search(package, structures)
    skipped["search"] += left_out
    for name, parameters in sorted(search.items()):
        yield {"search": name, "parameters": parameters}
    yield {"compartment": "Patient", "types": _compartment(package, "Patient")}


def _type_line(structure: Structure, codes: dict[str, list[str]]) -> Json:
    fields = [_field_text(field, codes) for field in structure.fields]
    return {"type": structure.name, "base": structure.base, "fields": fields}


def _field_text(field: Field, codes: dict[str, list[str]]) -> str:
    cardinality = ("+" if field.many else "1") if field.required else ("*" if field.many else "?")
    flags = ("s" if field.in_summary else "") + ("m" if field.is_modifier else "")
    text = f"{field.name} {'|'.join(field.types)} {cardinality}{flags}"
    if field.value_set and short_name(field.value_set) in codes:
        text += f" {short_name(field.value_set)}"
    return text


def _compartment(package: Package, code: str) -> dict[str, list[str]]:
    for compartment in package.compartments:
        if compartment["code"] == code and "example" not in compartment["url"]:
            return {
                entry["code"]: entry["param"]
                for entry in compartment["resource"]
                if entry.get("param")
            }
    raise SystemExit(f"no {code} compartment in the package")


if __name__ == "__main__":
    main()
