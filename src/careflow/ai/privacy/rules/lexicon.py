"""The lists of names, places and words, read once, and what a word may be by them."""

from __future__ import annotations

import gzip
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from careflow.ai.privacy.rules.listed import listed
from careflow.knowledge.drugs import drug_named

_FOLDER = "lists"
_REMEMBERED = 40_000
_SHORTEST_UNKNOWN = 4
_SHORTEST_PIECE = 2
LONGEST_WORD = 40
"""Letters; a longer row of letters is no word."""


class Kind:
    """What a word may be, as bits of a number; a word may be several things at once.

    ``CLINICAL`` words are no name unless something says so; an ``EPONYM`` names a disease or a
    tool more often than a person; ``AMBIGUOUS`` eponyms do so only before such a noun. A word of
    no list is ``UNKNOWN``, or ``LOOKS_CLINICAL`` by its end or its shortness. Plain numbers,
    because every word is asked several times.
    """

    NONE: Final = 0
    GIVEN: Final = 1
    SURNAME: Final = 2
    PLACE: Final = 4
    ORDINARY: Final = 8
    CLINICAL: Final = 16
    EPONYM: Final = 32
    AMBIGUOUS: Final = 64
    UNKNOWN: Final = 128
    WORD_NAME: Final = 256
    LOOKS_CLINICAL: Final = 512


LISTED = Kind.GIVEN | Kind.SURNAME
NOT_A_NAME = Kind.ORDINARY | Kind.CLINICAL | Kind.EPONYM

_AMBIGUOUS = listed("""
adams allen austin baker bell benedict bennett bowen bowman brown campbell carpenter child clark
cooper down edwards evans fisher fitzpatrick french garden gilbert gordon graham graves hamilton
harris hawkins hess hill homer hoffman hoffmann howell hunt jackson james jefferson johnson jones
kaplan kelly kennedy king lance larsen lee lewis lister lou louis marcus marshall martin mason
mckenzie mcconnell miller mitchell montgomery moore morton murphy murray nash nelson norton owen
parker patrick payne phillips pierre pott ramsay reed richardson roberts rosenthal ross russell
sanger schober shaw simmons sims smith stevens stevenson stewart strickland swan tanner taylor
terson thomas thompson townsend turner vaughan walker ward warren weber wells west whitaker
williams willis wilson wood wright young ann denver dallas columbia atlanta boston chicago toronto
vienna sydney seattle barcelona milan montreal edinburgh ottawa oxford bristol nottingham rome
paris oslo geneva berlin tokyo vanderbilt stanford mayo harvard duke cushing marie garcia cullen
holman mallory christian asia conners bayley abbott mercer raymond hudson jamison robin
""")
_WORD_NAMES = listed("""
hope will grace mark faith dawn joy rose daisy lily iris violet summer autumn april june bill rob
jack frank art drew chase grant pat sue penny ruby pearl amber crystal ginger ivy olive hazel
heather holly jasmine laurel myrtle sage willow christian dean earl duke guy harry hunter josh
lance mason miles norm peter ray reed rich rusty skip sonny sterling wade ward woody angel charity
constance destiny felicity genesis harmony heaven honor journey justice liberty melody mercy
patience prudence serenity trinity victor wally bob dick don gene glen herb jay jean jerry jimmy
ken kitty marina max nick opal savannah sierra sandy stella teddy tony tom terry tracy vera viola
carol cliff clay cherry candy buddy buck bud brad brook bonny benny basil barb archer abbey king
baker forest river rain star sky dolly john brooks young day poppy robin raven rosemary roger rod
rick randy prince porter piper phoebe patty patsy noel newton nova newt moss mike mickey meg matt
martin maria mat levy lee lane julienne jade jasper ham hank gale foster flora fern eve ester
emery ed eddy dusty derrick deb dale curt cam billy bobby brandy bonnie blossom beryl bella bee
barney ally alpha aurora magnolia merry misty nanny olympia princess queen scarlet sally sherry
tanner tad temperance troy valentine van waldo walker warren winter sunny smith
""")
_SHORTENED = re.compile(r"(?:n't|'m|'ve|'ll|'re|'d)$")
_PREFIXED = re.compile(
    r"(?:Mc|Mac|O['’]|D['’]|De|Di|Du|La|Le|Van|Von|Fitz|Ní|Ó)[A-ZÁÉÍÓÚ][a-zà-ÿ]+"
)
_CLINICAL_ENDS = re.compile(
    r"(?:itis|osis|oses|emia|aemia|oma|omas|omata|ectomy|otomy|ostomy|plasty|pathy|pathies|algia|"
    r"uria|pnea|penia|philia|phobia|plegia|paresis|trophy|scopy|scopic|graphy|graphic|gram|grams|"
    r"megaly|rrhea|rrhoea|rrhage|rrhagic|logy|logist|logic|logical|genic|genous|lytic|lysis|static|"
    r"stasis|tropic|phagia|phasia|praxia|esthesia|aesthesia|esthetic|opia|acusis|cele|centesis|"
    r"desis|pexy|rraphy|tripsy|mycin|cillin|azole|prazole|statin|sartan|pril|olol|dipine|mab|nib|"
    r"vir|pam|lam|zepam|barbital|caine|setron|triptan|gliptin|flozin|tide|parin|xaban|gatran|"
    r"cycline|floxacin|oxacin|ine|ate|ide|one|ous|eal|ial|oid|able|ible|tion|sion|ness|ment|ity|"
    r"ally|ably|ically|ing|ized|ised|ative|ular|cytes?|blasts?|coccus|cocci|bacter|monas|virus|"
    r"viral|emic|otic|etic|itic|[tnrmldgph]ic|plasms?|plasias?|kinesia|[ctsrnb]tal|somal|inal|eral|"
    r"oral|bral|dermal|neural|ary|ases?|ula|ulae|itides)$"
)


@lru_cache(maxsize=_REMEMBERED)
def kind_of(word: str) -> int:
    """Return what a word may be; hyphened words are what any of their parts is."""
    if len(word) > LONGEST_WORD:
        return Kind.ORDINARY
    flat = folded(word)
    if _SHORTENED.search(flat):
        return Kind.ORDINARY
    flat = flat.removesuffix("'s").replace("'", "")
    kind = _one_kind(flat)
    if not kind & NOT_A_NAME and _PREFIXED.match(word):
        kind = (kind | Kind.SURNAME) & ~(Kind.UNKNOWN | Kind.LOOKS_CLINICAL)
    if "-" in flat and not kind & (LISTED | Kind.PLACE | NOT_A_NAME):
        pieces = [piece for piece in flat.split("-") if piece]
        parts = [_one_kind(piece) for piece in pieces]
        if any(len(piece) < _SHORTEST_PIECE for piece in pieces) or any(
            part & NOT_A_NAME and not part & Kind.SURNAME for part in parts
        ):
            return Kind.ORDINARY
        for part in parts:
            kind |= part & (LISTED | Kind.UNKNOWN)
    return kind


def _one_kind(flat: str) -> int:
    kind = Kind.NONE
    for name, flag in _LISTS:
        if flat in words_of(name):
            kind |= flag
    if _is_plural_of_a_word(flat, kind):
        kind |= Kind.ORDINARY
    if flat.endswith("s") and flat[:-1] in words_of("clinical"):
        kind |= Kind.CLINICAL
    if flat in _AMBIGUOUS and kind & Kind.EPONYM:
        kind = (kind | Kind.AMBIGUOUS) & ~Kind.EPONYM
    if flat in _WORD_NAMES:
        kind |= Kind.WORD_NAME
    if not kind & NOT_A_NAME and drug_named(flat) is not None and not kind & Kind.GIVEN:
        kind |= Kind.CLINICAL
    if kind == Kind.NONE:
        is_unknown = len(flat) >= _SHORTEST_UNKNOWN and not _CLINICAL_ENDS.search(flat)
        kind = Kind.UNKNOWN if is_unknown else Kind.LOOKS_CLINICAL
    return kind


def _is_plural_of_a_word(flat: str, kind: int) -> bool:
    return (
        not kind & (LISTED | Kind.PLACE) and flat.endswith("s") and flat[:-1] in words_of("words")
    )


_LISTS = (
    ("given", Kind.GIVEN), ("surnames", Kind.SURNAME), ("places", Kind.PLACE),
    ("words", Kind.ORDINARY), ("clinical", Kind.CLINICAL), ("eponyms", Kind.EPONYM),
)  # fmt: skip


def folded(word: str) -> str:
    """Return a word without accents and case."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).replace("’", "'")


def flattened(text: str) -> str:
    """Return a text without accents and case, letter for letter: places in it stay the same."""
    return text.lower() if text.isascii() else text.translate(_flat_letters())


def is_ordinary(word: str) -> bool:
    """Report whether a word is also an ordinary English word."""
    return folded(word) in words_of("words")


@cache
def words_of(name: str) -> frozenset[str]:
    """Return a list by its name."""
    folder = files("careflow.ai.privacy").joinpath(_FOLDER)
    plain = folder.joinpath(f"{name}.txt")
    if plain.is_file():
        lines = plain.read_text("utf-8").splitlines()
        return frozenset(
            word.lower() for line in lines if not line.startswith("#") for word in line.split()
        )
    packed = folder.joinpath(f"{name}.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().splitlines())


@cache
def _flat_letters() -> dict[int, str]:
    """Return each letter of the Latin, Greek and Cyrillic blocks as it is written flat."""
    flat = {0x2019: "'", 0x2018: "'", 0x00A0: " "}
    for code in range(0x600):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter.lower())[0].lower()
        if base != letter and len(base) == 1:
            flat[code] = base
    return flat
