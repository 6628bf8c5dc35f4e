"""Units as they are written in notes, and what they come to."""

from __future__ import annotations

import re
from decimal import Decimal

_WRITTEN = """
mg 1 mg milligram milligrams miligramo miligramos milligramme milligrammes
mg 0.001 mcg ug microgram micrograms microgramo microgramos
mg 1000 g gm gram grams gramo gramos
mg 0.000001 ng nanogram nanograms
kg 1 kg kgs kilogram kilograms kilo kilos kilogramo kilogramos
lb 1 lb lbs pound pounds libra libras
ml 1 ml cc milliliter milliliters millilitre millilitres mililitro mililitros
ml 1000 l liter liters litre litres litro litros
ml 100 dl
iu 1 iu ui unit units unidad unidades
meq 1 meq
mmol 1 mmol millimol millimole millimoles milimoles
cm 1 cm centimeter centimeters centimetre centimetres centimetro centimetros
cm 0.1 mm millimeter millimeters millimetre millimetres milimetro milimetros
cm 100 meter meters metre metres metro metros
in 1 inch inches pulgada pulgadas
ft 1 ft foot feet pie pies
hour 24 day days dia dias d
hour 168 week weeks wk wks semana semanas
month 1 month months mo mos mes meses
month 12 year years yr yrs yo y/o ano anos
hour 1 h hr hrs hour hours hora horas
minute 1 min mins minute minutes minuto minutos
second 1 sec secs second seconds segundo segundos
% 1 % percent percentage pct
mmhg 1 mmhg
bpm 1 bpm lpm
°c 1 °c
°f 1 °f
tablet 1 tablet tablets tab tabs comprimido comprimidos tableta tabletas pastilla pastillas pills
capsule 1 capsule capsules cap caps capsula capsulas
puff 1 puff puffs inhalation inhalations inhalacion inhalaciones
drop 1 drop drops gtt gtts gota gotas
spray 1 spray sprays
patch 1 patch patches parche parches
teaspoon 1 teaspoon teaspoons tsp cucharadita cucharaditas
refill 1 refill refills resurtido resurtidos
pack 1 pack packs paquete paquetes
"""

UNITS: dict[str, tuple[str, Decimal]] = {
    name: (kind, Decimal(factor))
    for kind, factor, *names in map(str.split, _WRITTEN.strip().splitlines())
    for name in names
}
"""By spelling: the kind of unit, and how many of it one is."""

TIMES = frozenset({"month", "hour", "minute", "second"})
LOOSE = frozenset({"mmhg", "bpm", "%", "°c", "°f", "month"})
"""Kinds that a text leaves out so often that adding them says nothing new."""

_SIMPLE = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
UNIT = re.compile(
    rf"[\s-]{{0,2}}(?P<unit>(?:10\^?\d\*?/|x\s?10\^?\d/)?(?:{_SIMPLE}|degrees|grados|beats|breaths|"
    rf"latidos|por ciento)(?:\s?/\s?(?:[a-z]+|kg/day|kg/d|24\s?h)){{0,2}})(?![a-z])"
)
"""A unit right behind a number."""


def unit_of(written: str) -> tuple[str, Decimal]:
    """Return the kind of a unit as written, and its factor."""
    bare = re.sub(r"\s+", "", written)
    if bare in UNITS:
        return UNITS[bare]
    if bare == "porciento":
        return "%", Decimal(1)
    if bare in {"beats", "latidos"}:
        return "bpm", Decimal(1)
    if bare.startswith(("beats/", "latidos/")):
        return "bpm", Decimal(1)
    above, slash, below = bare.partition("/")
    if slash and above in UNITS:
        kind, factor = UNITS[above]
        per = UNITS.get(below, (below, Decimal(1)))
        if per[0] in {"ml", "kg"} and kind in {"mg", "iu", "mmol", "meq"}:
            return f"{kind}/{per[0]}", factor / per[1]
    return bare, Decimal(1)
