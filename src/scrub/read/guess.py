"""The legacy encoding of some bytes, guessed, with how sure the guess is.

charset-normalizer separates scripts and multi-byte encodings well; between the encodings of
Latin letters, which turn the same bytes into other letters, it is often wrong.  These are judged
here by whether the letters they make occur together in one language.
"""

from __future__ import annotations

import unicodedata

# Latin code pages, the commonest on the web first, which wins a tie.
_LATIN = (
    "cp1252", "cp1250", "cp1254", "cp1257", "iso8859-15", "iso8859-2", "mac-roman", "cp850",
)  # fmt: skip

# Letters beyond ASCII of languages in Latin script (the main exemplars of Unicode CLDR, joined
# where one language's hold another's).
_ALPHABETS = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "àâæçéèêëîïôœùûüÿ",  # French
        "äöüßé",  # German
        "áéíñóúü",  # Spanish
        "àáâãçéêíòóôõú",  # Portuguese
        "àçèéíïòóúü·",  # Catalan
        "àèéìíîòóùú",  # Italian
        "àéëïóöüáíúèê",  # Dutch
        "æøåéóòôü",  # Danish, Norwegian
        "äöåéáà",  # Swedish, Finnish
        "áæéíðóöþúý",  # Icelandic
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "ăâîșțşţ",  # Romanian
        "čćđšž",  # Croatian, Slovene
        "çğıöşüâîûİ",  # Turkish
        "āčēģīķļņšūž",  # Latvian
        "ąčęėįšųūž",  # Lithuanian
        "äöõüšž",  # Estonian
        "çë",  # Albanian
    )
)
_MARKS_OPENING = frozenset("¿¡«„“‘‚‹(")
_MARKS_CLOSING = frozenset("»“”’‘›…–—·°%€£¥§©®™\u00a0•ºª")
_ENOUGH = 1 << 16
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo"})
# Every sentence of Japanese since 1946 has hiragana, and nothing else has many where it is read as
# Japanese: 495 of 500 books and essays have a third of them, none of 7,000 texts in eleven others.
_JAPANESE = ("cp932", "euc_jp")
_HIRAGANA, _FEW_HIRAGANA = 0.2, 8
# EUC-KR has single letters, which Koreans laugh and weep with, where EUC-JP has hiragana; these
# particles are letters that nobody writes alone.  By hand: so many different ones.
_PARTICLES, _FEW_PARTICLES = frozenset("のはをにがてと"), 2


def guess(data: bytes) -> tuple[str, float] | None:
    """A Python codec for bytes that are not UTF-8, and a confidence in [0, 1]; None: no idea."""
    from charset_normalizer import from_bytes

    data = data[:_ENOUGH]
    evidence = sum(byte > 127 for byte in data)
    weight = (evidence + 1) / (evidence + 2)
    for name in _JAPANESE:
        if _is_japanese(data.decode(name, "replace")):
            return name, weight
    best = from_bytes(data, cp_exclusion=["utf_16", "utf_32", "utf_7", "utf_8"]).best()
    if best is not None and not _is_latin(str(best)):
        return best.encoding, weight * (1 - best.chaos)
    score, encoding = max(
        ((_plausible(data, name), name) for name in _LATIN), key=lambda pair: pair[0]
    )
    return (encoding, weight * score) if score > 0.5 else None


def _is_japanese(text: str) -> bool:
    """Whether no character is broken, but the last that may be cut, and many are hiragana."""
    beyond = [char for char in text if not char.isascii()]
    hiragana = sum("ぁ" <= char <= "ゖ" for char in beyond)
    is_sound = beyond.count("\ufffd") <= (text[-1:] == "\ufffd")
    particles = len(_PARTICLES.intersection(beyond))
    many = hiragana >= max(_FEW_HIRAGANA, _HIRAGANA * len(beyond))
    return is_sound and many and particles >= _FEW_PARTICLES


def _is_latin(text: str) -> bool:
    """Whether the letters beyond ASCII are Latin, or there are none.

    Accents alone, which Unicode counts as letters, too, are what Mac Roman makes of some.
    """
    letters = [char for char in text if unicodedata.category(char) in _LETTERS]
    letters = [char for char in letters if not char.isascii()][:400]
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return 2 * latin >= len(letters)


def _plausible(data: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that make sense where they stand, in [0, 1]."""
    text = f" {data.decode(encoding, 'replace')} "
    letters: list[str] = []
    sensible = total = 0
    for before, char, after in zip(text, text[1:], text[2:], strict=False):
        if char.isascii():
            continue
        total += 1
        if char.isalpha():
            # A capital inside a word of small letters is a quotation mark read wrongly.
            if not (char.isupper() and before.islower()):
                letters.append(char)
        elif (char in _MARKS_CLOSING and not (char in "©®" and after.islower())) or (
            char in _MARKS_OPENING and not before.isalnum() and not after.isspace()
        ):
            sensible += 1
    in_one = max(sum(char in alphabet for char in letters) for alphabet in _ALPHABETS)
    return (sensible + in_one) / total if total else 1.0
