"""Versions of a text that are one story: newer figures, respelt names, other units, no marks.

    python bench/versions.py --corpus docs.jsonl.gz [--half odd] [--rounds 4]

Versions are made of articles of the corpus (JSON lines `id`, `text`; those whose ids have an even
digest are for tuning, the odd ones for reporting) and of the small texts in `SCRIPTS`.  An article
has one version in a round, and stands among all others of its half.  Prints, for each kind, how
many versions are in the cluster of their original; and for fillings of forms, which are no
versions, how many pairs are linked.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from articles import ENDS_PERSON, FIRST, proper, sentences
from labelled import read_csv, read_jsonl
from scrub.config import MatchSettings
from scrub.match.features import Features, features
from scrub.match.pairs import find_copies

FIGURE = re.compile(r"(?<![\w.,/:-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w/:-]|[.,]\d)")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
# Newsrooms' ways to write one sound; a row is used one way.
RESPELLINGS = [
    *(("y", "i"), ("i", "y"), ("ou", "u"), ("ph", "f"), ("v", "w"), ("w", "v"), ("ss", "s")),
    *(("ll", "l"), ("tt", "t"), ("o", "u"), ("e", "a"), ("ck", "k"), ("k", "kh"), ("gh", "g")),
    *(("g", "gh"), ("d", "dh"), ("ov", "off"), ("ev", "eff"), ("ai", "ei"), ("ei", "ai")),
    *(("s", "ss"), ("m", "mm"), ("t", "tt"), ("ie", "y"), ("qu", "k"), ("oo", "u"), ("ae", "e")),
]
CONVERSIONS = [
    (("mile", "miles"), 1.609, "kilometres"),
    (("foot", "feet"), 0.3048, "metres"),
    (("pounds", "lbs"), 0.4536, "kilos"),
    (("acres", "acre"), 0.4047, "hectares"),
    (("gallons",), 3.785, "litres"),
    (("dollars", "dlrs"), 0.9, "euros"),
    (("inches",), 2.54, "centimetres"),
    (("yards",), 0.9144, "metres"),
]
ACCENTED = {"a": "áàâä", "e": "éèêë", "i": "íìîï", "o": "óòôö", "u": "úùûü", "c": "çć", "s": "šş"}
ACCENTED |= {"n": "ñń", "z": "žż", "g": "ğ"}
# Half of the words stay as they were, sentence by sentence: beyond that it is another story.
UNTOUCHED = 0.5
SHORTEST = 120  # words of an article of which versions are made

Edit = Callable[[str, random.Random], "str | None"]


class Made(NamedTuple):
    """A version of the article at a place of its corpus."""

    kind: str
    original: int
    text: str


def figures(low: int, high: int) -> Edit:
    """From `low` to `high` figures moved on, the same one everywhere alike."""

    def edit(text: str, rng: random.Random) -> str | None:
        parts = split(text)
        order = list(range(len(parts)))
        rng.shuffle(order)
        room = (1 - UNTOUCHED) * len(text)
        wanted, moved = rng.randint(low, high), dict[str, str]()
        for place in order:
            found = {m[0] for m in FIGURE.finditer(parts[place])} - set(moved)
            touched = [s for s in parts if set(FIGURE.findall(s)) & (found | set(moved))]
            if not found or sum(map(len, touched)) > room:
                continue
            for figure in sorted(found)[: wanted - len(moved)]:
                moved[figure] = _moved(figure, rng)
        if len(moved) < max(low, 1):
            return None
        return FIGURE.sub(lambda m: moved.get(m[0], m[0]), text)

    return edit


def names(low: int, high: int) -> Edit:
    """From `low` to `high` names respelt wherever they stand."""

    def edit(text: str, rng: random.Random) -> str | None:
        found = sorted(set(NAME.findall(text)))
        rng.shuffle(found)
        respelt = {name: _respelt(name, rng) for name in found}
        chosen = [name for name in found if respelt[name] != name][: rng.randint(low, high)]
        if len(chosen) < low:
            return None
        return re.sub(r"\b(?:" + "|".join(chosen) + r")\b", lambda m: respelt[m[0]], text)

    return edit


def both(text: str, rng: random.Random) -> str | None:
    """Three to six figures and three to six names."""
    moved = figures(3, 6)(text, rng)
    return moved and names(3, 6)(moved, rng)


def units(text: str, rng: random.Random) -> str | None:
    """Every measure of CONVERSIONS in the other unit; such measures are put in where none is."""
    parts = split(text)
    for place in rng.sample(range(len(parts)), min(len(parts), rng.randint(1, 12))):
        words, _, _ = rng.choice(CONVERSIONS)
        parts[place] = _ended(parts[place], f"some {rng.randint(3, 900)} {words[-1]} in all")
    return " ".join(parts)


def converted(text: str) -> str:
    """What `units` made, in the other units."""
    for words, factor, unit in CONVERSIONS:
        found = re.compile(rf"({FIGURE.pattern}) (?:{'|'.join(words)})\b")
        text = found.sub(lambda m: f"{_number(m[1]) * factor:.0f} {unit}", text)  # noqa: B023
    return text


def accented(text: str, rng: random.Random) -> str:
    """Marks put on a tenth of the letters, the same on a word everywhere."""

    def word(match: re.Match[str]) -> str:
        own = random.Random(f"{match[0].lower()}{seed}")
        return "".join(
            own.choice(ACCENTED[c]) if c in ACCENTED and own.random() < 0.25 else c
            for c in match[0]
        )

    seed = rng.random()
    return re.sub(r"[A-Za-z]+", word, text)


def update(text: str, rng: random.Random) -> str | None:
    """Figures moved on, a fifth of the sentences gone and as many new ones."""
    kept = split(figures(2, 8)(text, rng) or "")
    if len(kept) < 8:
        return None
    gone = set(rng.sample(range(len(kept)), len(kept) // 5))
    new = sentences(len(gone), rng)
    return " ".join(new.pop() if k in gone else s for k, s in enumerate(kept))


KINDS: dict[str, Edit] = {
    "1-3 figures": figures(1, 3),
    "4-7 figures": figures(4, 7),
    "8-12 figures": figures(8, 12),
    "1-4 names": names(1, 4),
    "5-9 names": names(5, 9),
    "10-15 names": names(10, 15),
    "figures and names": both,
    "an update": update,
    "units": units,
    "marks": accented,
}


def _moved(figure: str, rng: random.Random) -> str:
    value = _number(figure)
    places = len(figure.partition(".")[2])
    new = value * rng.uniform(1.03, 2.5) + (0 if places else 1)
    return f"{new:,.{places}f}" if "," in figure else f"{new:.{places}f}"


def _number(figure: str) -> float:
    return float(figure.replace(",", ""))


def _respelt(name: str, rng: random.Random) -> str:
    rows = [row for row in RESPELLINGS if row[0] in name[1:]]
    for old, new in rng.sample(rows, min(len(rows), rng.randint(1, 2))):
        name = name[0] + name[1:].replace(old, new, 1)
    return name


def _ended(sentence: str, more: str) -> str:
    body = sentence.rstrip()
    return f"{body[:-1]}, {more}{body[-1]}" if body[-1:] in ".!?" else f"{body}, {more}."


def filled(text: str, rng: random.Random) -> str:
    """A form made of an article: every name another, every figure drawn anew."""
    given = {
        name: rng.choice([rng.choice(FIRST), proper(rng, ENDS_PERSON)])
        for name in sorted(set(NAME.findall(text)))
    }
    text = re.sub(r"\b[A-Z][a-z]{3,}\b", lambda m: given.get(m[0], m[0]), text)
    return FIGURE.sub(lambda m: str(rng.randint(2, 10 ** min(7, len(m[0])) + 2)), text)


def bulletin(text: str, rng: random.Random) -> str:
    """The notice of another week: the first ninety words of an article, all figures anew."""
    short = ""
    for sentence in split(text):
        if len(f"{short} {sentence}".split()) > 90:
            break
        short += f" {sentence}"
    return FIGURE.sub(lambda m: str(rng.randint(2, 10 ** min(7, len(m[0])) + 2)), short)


def clusters(texts: Sequence[str]) -> list[str]:
    """The cluster of each text."""
    names_of = [f"{k:06d}" for k in range(len(texts))]
    parts = [features(texts[k : k + 1000], MatchSettings()) for k in range(0, len(texts), 1000)]
    found = find_copies(Features.concat(parts), names_of, texts).clusters
    return [found[name] for name in names_of]


def of_articles(texts: Sequence[str], rounds: int) -> dict[str, list[bool]]:
    """For each kind, whether each version was found."""
    linked = defaultdict[str, list[bool]](list)
    kinds = list(KINDS)
    for turn in range(rounds):
        corpus, made = list(texts), list[Made]()
        for place, text in enumerate(texts):
            rng = random.Random(f"{turn} {place}")
            order = kinds[(place + turn) % len(kinds) :] + kinds[: (place + turn) % len(kinds)]
            version = KINDS[order[0]](text, rng)
            if version is None or version == text:
                continue
            if order[0] == "units":
                corpus[place], version = version, converted(version)
            made.append(Made(order[0], place, version))
        found = clusters(corpus + [one.text for one in made])
        for k, one in enumerate(made, len(corpus)):
            linked[one.kind].append(found[k] == found[one.original])
    return linked


def of_scripts(rounds: int) -> dict[str, list[bool]]:
    """The same of the texts in SCRIPTS, each alone with its version and the other scripts."""
    linked = defaultdict[str, list[bool]](list)
    for script, text in SCRIPTS.items():
        for kind, edit in SCRIPT_KINDS.items():
            for turn in range(rounds):
                version = edit(text, random.Random(f"{script} {turn}"))
                if version is None or version == text:
                    continue
                others = [t for s, t in SCRIPTS.items() if s != script]
                found = clusters([text, version, *others])
                linked[f"{script}: {kind}"].append(found[0] == found[1])
    return linked


def of_forms(texts: Sequence[str], rounds: int) -> dict[str, list[bool]]:
    """For each kind of form, which pairs of its fillings were linked, wrongly."""
    wrong = defaultdict[str, list[bool]](list)
    for kind, fill in (("filled article", filled), ("bulletin", bulletin)):
        for count in (2, 3, 8):
            rng = random.Random(f"{kind} {count}")
            made = [[fill(text, rng) for _ in range(count)] for text in texts if _is_form(text)]
            made = rng.sample(made, min(len(made), 40 * rounds))
            found = clusters([text for fillings in made for text in fillings] + list(texts[:200]))
            for first in range(0, count * len(made), count):
                group = found[first : first + count]
                wrong[f"{kind}, {count} fillings"] += [
                    one == other for k, one in enumerate(group) for other in group[k + 1 :]
                ]
    return wrong


def _is_form(text: str) -> bool:
    """Whether an article has names and, at its beginning, figures that can be filled anew."""
    opening = " ".join(text.split()[:80])
    return len(set(NAME.findall(text))) >= 4 and len(set(FIGURE.findall(opening))) >= 4


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return re.split(r"(?<=[.!?\u0964\u061f\"])\s+(?=[^\sa-z])", text.strip())


def stripped(text: str, rng: random.Random) -> str:
    """Without the marks that a keyboard may lack; those of another letter stay (in Hindi)."""
    del rng
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not _is_mark(c))
    return unicodedata.normalize("NFC", plain).translate(str.maketrans("ıđĐßæø", "idDsao"))


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) not in {0, 8, 9}


def pointed(text: str, rng: random.Random) -> str | None:
    """With vowel signs on the letters of scripts that leave them out."""
    signs = {"ARABIC": "\u064e\u064f\u0650\u0652\u0651", "HEBREW": "\u05b7\u05b8\u05b4\u05b0\u05bc"}
    result = ""
    for character in text:
        script = unicodedata.name(character, "").partition(" LETTER")[0]
        sign = rng.random() < 0.6 and signs.get(script)
        result += character + (rng.choice(sign) if sign else "")
    return result if result != text else None


_OTHER_CODES = {
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ı": "i",
    "ی": "ي", "ک": "ك", "ة": "ه", "أ": "ا", "إ": "ا", "ى": "ي", "۲": "2", "۴": "4", "۸": "8",
    "۱": "1", "۳": "3", "۷": "7", "۵": "5", "۶": "6", "ё": "е", "й": "и\u0306", "ς": "σ",
    "ज़": "ज\u093c", "'": "\u2019", "ъ": "ъ",
}  # fmt: skip


def recoded(text: str, rng: random.Random) -> str:
    """Other letters for the same: ae for ä, Arabic yeh for Persian, Western digits, full width."""
    del rng
    wide = {c: chr(ord(c) + 0xFEE0) for c in "0123456789"} if text.isascii() else {}
    return "".join(({**_OTHER_CODES, **wide}).get(c, c) for c in unicodedata.normalize("NFC", text))


def respelt(text: str, rng: random.Random) -> str | None:
    """Names of Cyrillic and Greek texts with a vowel or a double letter otherwise."""
    rows = [("е", "э"), ("й", "и"), ("о", "а"), ("л", "лл"), ("ι", "η"), ("λ", "λλ"), ("υ", "ι")]

    def name(match: re.Match[str]) -> str:
        old, new = random.Random(match[0] + seed).choice(rows)
        return match[0][0] + match[0][1:].replace(old, new, 1)

    seed = str(rng.random())
    return re.sub(r"(?<=[а-яёіїєα-ωά-ώ] )[А-ЯІЇЄΑ-Ω]\w{3,}", name, text)


SCRIPTS: dict[str, str] = json.loads(
    (Path(__file__).parent / "version_texts.json").read_text("utf-8")
)
SCRIPT_KINDS: dict[str, Edit] = {
    "marks stripped": stripped,
    "pointed": pointed,
    "other codes": recoded,
    "names": respelt,
    "1-4 figures": figures(1, 4),
}


def half(texts: dict[str, str], which: str) -> list[str]:
    """The articles of one half, `even` or `odd` by the digest of their ids."""
    parity = ("even", "odd").index(which)
    return [text for i, text in texts.items() if zlib.crc32(i.encode()) % 2 == parity]


def shares(found: dict[str, list[bool]]) -> dict[str, float]:
    """The share of what is true, by kind."""
    return {kind: round(sum(values) / len(values), 4) for kind, values in found.items()}


def of_labelled(documents: Path, truth: Path, rounds: int = 3) -> dict[str, float]:
    """The figures that are held: of the odd half of the articles that have no copy."""
    single = {row["id"] for row in read_csv(truth) if row["kind"] == "uniq"}
    texts = half({r["id"]: r["text"] for r in read_jsonl(documents) if r["id"] in single}, "odd")
    texts = [text for text in texts if len(text.split()) >= SHORTEST]
    scripts = [value for values in of_scripts(rounds).values() for value in values]
    wrong = {f"wrong: {kind}": share for kind, share in shares(of_forms(texts, rounds)).items()}
    return {
        **shares(of_articles(texts, rounds)),
        "other scripts": round(sum(scripts) / len(scripts), 4),
        **wrong,
    }


def table(found: dict[str, list[bool]], column: str) -> str:
    """The same as a table for people."""
    rows = [f"| {kind} | {len(v)} | {sum(v) / len(v):.3f} |" for kind, v in sorted(found.items())]
    return "\n".join([f"| kind | tried | {column} |", "|---|---|---|", *rows, ""])


def main() -> None:
    """Parse the command line, make and match, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--half", choices=("even", "odd"), default="odd")
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    texts = half({r["id"]: r["text"] for r in read_jsonl(options.corpus)}, options.half)
    texts = [text for text in texts if len(text.split()) >= SHORTEST]
    print(table(of_articles(texts, options.rounds), "linked"))
    print(table(of_scripts(options.rounds), "linked"))
    print(table(of_forms(texts, options.rounds), "linked, wrongly"))


if __name__ == "__main__":
    main()
