"""Places as Spanish texts write them: streets, postal codes, towns and facilities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found

_CAPITAL = r"[A-ZÁÉÍÓÚÑÜÇ][\w'’·\-]*(?:(?:(?<=\b\w)|(?<=\b\w\w)|(?<=\b\w\w\w))\.)?"
_LINK = r"(?:de|del|la|las|los|el|y|i|e|d['’]|San|Santa|Sta\.?|dels?|les|do|da|dos|das|l['’])"
_NAME = rf"(?:(?:{_LINK}\s+){{0,3}}(?:{_CAPITAL}|\d{{1,2}}\s+de\s+\w+))"
_WAY = (
    r"(?:[Cc]alle|[Cc]\s?[/\\]\.?|[Cc]l\.|[Aa]venida|[Aa]v(?:da?)?\.?|[Pp]aseo|[Pp]º\.?|[Pp]\.º|"
    r"[Pp]laza|[Pp]la?za?\.|[Pp]l\.|[Cc]arretera|[Cc]tra\.?|[Cc]amino|[Rr]onda|[Tt]raves[ií]a|"
    r"[Uu]rb(?:anizaci[oó]n|\.)|[Bb]arri(?:o|ada)|[Gg]lorieta|[Vv][ií]a|[Pp]ol[ií]gono|[Cc]uesta|"
    r"[Rr]ambla|[Pp]asaje|[Cc]arrer|[Rr][uú]a|[Cc]allej[oó]n|[Aa]lameda|[Pp]arque|[Jj]ir[oó]n|"
    r"[Cc]olonia|[Cc]ol\.|[Pp]asseig|[Aa]vinguda|[Ee]dificio|[Ff]inca|[Uu]rbanizaci[oó]n|"
    r"[Bb]loque|[Cc](?:arre)?ra\.?|[Dd]iagonal|[Tt]ransversal|[Cc]arrera|[Jj]r\.)"
)
_NUMBER = (
    r"(?:[\s,]{0,2}(?:n\.?\s?[º°o]?\.?\s*|n[uú]m\.?\s*|n[uú]mero\s+|km\.?\s*|#\s*)?"
    r"(?:s/n\.?|\d{1,4}[A-Za-z]?\b(?:[.,]\d{1,2}\b)?(?!/)[ºª°]?)"
    r"(?:[ ,.\-–#/]{1,3}(?:bis|dcha|izqda?|izq|bajo|[aá]tico|portal|escalera|esc|bloque|puerta|"
    r"piso|planta|local|despacho|dpto|oficina|P?\d{1,4}(?!\d)\.?[ºª°o]?[A-Za-z]{0,2}|[A-H]\b|º)\.?"
    r"(?:-\d?[A-Za-z]{1,2}\b)?|[ºª°][A-Z]?\b){0,6})"
)
_STREET = re.compile(
    rf"(?<!\w){_WAY}\s*{_NAME}(?:[\s\-]+{_NAME}){{0,5}}{_NUMBER}?"
    rf"|(?<=[.\n,] ){_CAPITAL}(?:\s+{_NAME}){{0,4}},?\s+(?:n[º°]?\s*)?(?:\d{{1,4}}|"
    rf"s/n)(?=[.,\s\-(]+\d{{5}}\b)"
    rf"|{_CAPITAL}(?:\s+{_NAME}){{0,3}},?\s+s/n\b"
)
_TOWN = re.compile(
    rf"(?:\b(?:CP|C\.P\.?)\W{{0,3}})?\b((?:0[1-9]|[1-4]\d|"
    rf"5[0-2])\d{{3}})\b\)?[ \t.,\-–]+((?!E-?mail|Datos|Tel|Tlf|Fax|Correo|"
    rf"Espa){_CAPITAL}(?:[ /\-]+{_NAME}){{0,4}}(?:\s*\({_CAPITAL}(?:\s{_NAME})*\))?)"
)
_CODE = re.compile(
    r"(?<![\w./,\-])\(?((?:0[1-9]|[1-4]\d|5[0-2])\d{3})\)?(?=[\s.,]*(?:\n|$|[A-ZÁÉÍÓÚ(\-]))"
)
_LABELLED = re.compile(
    r"\b(?:localidad(?:\s*/\s*provincia)?|provincia|municipio|poblaci[oó]n|ciudad|natural\s+de|"
    r"domicilio|direcci[oó]n|lugar\s+de\s+(?:nacimiento|"
    r"residencia))\s*:\s*([^\n]{2,90}?)(?=\.?\s*(?:\n|$)|\s{3,}|[.,;]?\s(?:CP|Tel|Tlf|NHC|C\.P\.|"
    r"[A-ZÁÉÍÓÚ][a-záéíóú/ ]{2,24}:))",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"\b(?:natural|procedente|vecin[oa]|residente|reside|vive|nacid[oa]|domiciliad[oa]|"
    rf"trasladad[oa]|trabaja|residencia)\s+"
    rf"(?:actualmente\s+)?(?:de|en|desde|a)\s+((?:la\s+|el\s+)?{_CAPITAL}(?:[\s\-]{_NAME}){{0,3}})"
)
_FACILITY = re.compile(
    rf"\b(?:Hospital|Hosp\.|H\.\s?U\.|Cl[ií]nica|Complejo|Complexo|Centro\s+(?:de\s+Salud|"
    rf"M[eé]dico|"
    rf"Hospitalario|Asistencial|Oncol[oó]gico|de\s+\w+)|C\.\s?S\.|Policl[ií]nica?|Sanatorio|"
    rf"Ambulatorio|"
    rf"Consultorio|Instituto|Universidad|Fundaci[oó]n|Residencia|Colegio|Instituci[oó]n|Facultad|"
    rf"Mutua|Parc|Consorci|Institut|Ciudad\s+Sanitaria|Agencia|Escuela|Juzgado|Palacio|Edificio|"
    rf"Maternidad|Consorcio|Ofiplaza)"
    rf"(?:\s+(?:{_NAME}|[\"«“]{_CAPITAL}(?:\s{_NAME})*[\"»”]|i\s+{_CAPITAL}))+"
)
_NOT_FACILITY = re.compile(
    r"\s+(?:Servicio|Unidad|Departamento|Secci[oó]n|Avda?|Calle|C/|Paseo|Plaza|Av|E-?mail)\b.*$"
)


def spanish_places_in(text: str) -> Iterator[Found]:
    """Yield places in a Spanish text."""
    for hit in _STREET.finditer(text):
        yield Found(hit.start(), hit.end(), "GEO")
    for pattern in (_CODE, _LABELLED, _FROM):
        for hit in pattern.finditer(text):
            yield Found(hit.start(1), hit.end(1), "GEO")
    for hit in _TOWN.finditer(text):
        yield Found(hit.start(1), hit.end(1), "GEO")
        yield Found(hit.start(2), hit.end(2), "GEO")
    for hit in _FACILITY.finditer(text):
        other = _NOT_FACILITY.search(text, hit.start() + 8, hit.end())
        yield Found(hit.start(), other.start() if other else hit.end(), "GEO")
