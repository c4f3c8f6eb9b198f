# ruff: noqa: RUF001 - letters that look alike are what this file is about
"""Dutch surnames as one person writes them and another hears them; pure.

An index that is blind cannot search with wildcards, so the variants are made when a name is
written and again when it is sought: written forms (prefixes, double names, foreign letters) and
the sound of each.
"""

import re
import unicodedata
from collections.abc import Iterable

PREFIXES = frozenset(
    [
        *(
            "a",
            "aan",
            "abou",
            "abu",
            "ait",
            "al",
            "am",
            "auf",
            "ben",
            "bij",
            "bin",
            "d",
            "da",
            "dal",
        ),
        *("de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el", "het", "ibn"),
        *("in", "la", "las", "le", "lo", "los", "of", "onder", "op", "over", "s", "t", "te"),
        *("ten", "ter", "tho", "thoe", "toe", "tot", "uijt", "uit", "v", "van", "vande"),
        *("vanden", "vander", "vd", "ver", "vom", "von", "voor", "zu", "zum", "zur"),
    ]
)
"""Prefixes of surnames (tussenvoegsels), folded, as the BRP knows them and as people write them."""

LETTERS = str.maketrans(
    {"ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
APOSTROPHES = re.compile("['’‘ʼ`´]")
DOUBLE_NAME = re.compile(r"[-‐‑–—]")
WORD_BORDER = re.compile(r"[^a-z]+")

SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        ("sch", "s"),
        ("(ss|sz|z)en", "sen"),
        ("uij|uy|ui", "Q"),
        ("eij|ey|ei|ij|y", "Y"),
        ("ouw|auw|ou|au", "W"),
        ("ae", "a"),
        ("ch|gh|kh", "g"),
        ("ph", "f"),
        ("th", "t"),
        ("qu", "kw"),
        ("x", "ks"),
        ("[cq]", "k"),
        ("z", "s"),
        ("v", "f"),
        ("dt|d$", "t"),
        (r"(.)\1+", r"\1"),
    )
)
"""What is heard the same, in order. Q, Y and W stand for the vowels ui, ij and ou."""


def fold(text: str) -> str:
    """Write a name in the letters a to z: no case, no diacritics, no apostrophes."""
    lowered = APOSTROPHES.sub(" ", text.casefold()).translate(LETTERS)
    plain = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def written_forms(surname: str) -> frozenset[str]:
    """Give every form under which a surname may be written down; empty for no letters at all.

    De Vries gives `vries` and `devries`; a double name gives its halves and the whole; an umlaut
    also gives its German spelling.
    """
    composed = unicodedata.normalize("NFKC", surname).casefold()
    forms: set[str] = set()
    for spelling in {composed, composed.translate(UMLAUTS)}:
        parts = [part for part in DOUBLE_NAME.split(spelling) if part.strip()]
        forms.update(_forms_of(_words(spelling)))
        for part in parts:
            forms.update(_forms_of(_words(part)))
    return frozenset(form for form in forms if form)


def _words(text: str) -> list[str]:
    return [word for word in WORD_BORDER.split(fold(text)) if word]


def _forms_of(words: list[str]) -> Iterable[str]:
    """Give a name without and with its prefixes, each as one word."""
    bare = words[:]
    while len(bare) > 1 and bare[0] in PREFIXES:
        bare = bare[1:]
    return "".join(bare), "".join(words)


def sound(form: str) -> str:
    """Write a folded form as it is heard in Dutch: Meijer, Meyer and Meier give the same."""
    for pattern, heard in SOUNDS:
        form = pattern.sub(heard, form)
    return form


def sounds(surname: str) -> frozenset[str]:
    """Give the sound of every written form of a surname."""
    return frozenset(sound(form) for form in written_forms(surname))


def initial(given_names: str) -> str:
    """Give the first sound of the first given name, or nothing; Youssef and Joussef agree."""
    words = _words(given_names)
    heard = sound(words[0])[:1] if words else ""
    return "Y" if heard == "j" else heard
