"""Whether a message is in a language that the models learned from."""

from __future__ import annotations

from careflow.knowledge.messages.features import words_of

_OURS = frozenset(
    str.split("""
    the of and a an to in is was with for on he she my me i you your we our they it this that have
    has had am are be been do does did can could will would not no don't can't i'm it's what when
    how why where who which please need want from by at or but if so get got there any just about
    el la los las de del y en con que un una se por su al para sin es fue mi me yo usted tu no si
    como cuando donde porque que muy mas pero hay tengo tiene estoy esta puedo quiero necesito lo
    le nos ya a o mis
""")
)
_ELSEWHERE = frozenset(
    str.split("""
    der das und nicht kein keine mit von seit uber ein eine im zu bei ist wurde auf ich habe bin
    fur wir sie les des et est pas avec une au dans pour sur aux je vous mon ma j'ai suis nous nao
    com uma dos na em ao foi meu minha voce eu estou che non di della il gli sono ho per mio het
    van niet geen ik heb mijn nie jest na od oraz mam sie ako ng ang mga ve bir bu icin mwen pa
    gen yo li
""")
) - {"yo", "sie", "pa"}


def is_read(text: str) -> bool:
    """Report whether a message is in English or Spanish, as far as its little words tell.

    A message of few words counts as read: nobody's cry for help is refused for being short.
    """
    letters = [sign for sign in text[:5000] if sign.isalpha()]
    latin = sum(sign.isascii() or sign.lower() in "áéíóúüñç" for sign in letters)
    if latin * 2 < len(letters):
        return False
    words = words_of(text)
    ours = sum(word in _OURS for word in words)
    elsewhere = sum(word in _ELSEWHERE for word in words)
    return elsewhere < 2 or elsewhere < ours  # one foreign word may be a name
