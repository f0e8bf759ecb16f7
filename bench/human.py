"""Differences that people make between two copies of a story: none is spin, none is repaired.

    python bench/human.py [--half tuned|reported]

Copies are made of the labelled articles that nobody spun: other editions (British, American,
Australian and Indian words, spellings), house styles, editors who exchange 3 to 25 % of the words,
scans of which 1 to 10 % of the letters are misread; and real ones, the natural near-duplicates of
`summaries` and `reuters`.  Writes `human.md` into `bench/results/`: by kind the documents, the
links found, the share called spun, flags and repairs; and which copy stays of a sound one and one
that is damaged.  The two halves share no article, and no
sentence of `dialects.txt`; what was tuned, was tuned on the first.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from environment import RESULTS
from figures import NO_JAVA, SURE
from labelled import DATA, Labelled, flags, read_csv, read_jsonl, scrub, write_jsonl
from scrub.spin.ngrams import Choice, NgramModel
from scrub.spin.thesaurus import SYNONYM, load_thesaurus
from scrub.spin.words import CONTENT, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EDITIONS = ("gb", "us", "au", "in")
HALVES = ("tuned", "reported")
EACH = 40  # pairs of each made kind
BESIDE = 300  # other articles in the corpus
SLOT = re.compile(r"\{([^{}]*)\}")
WORD = re.compile(r"[A-Za-z]+")
SURNAMES = [
    "Abbot",
    "Brand",
    "Calder",
    "Dunne",
    "Easton",
    "Frost",
    "Garner",
    "Holt",
    "Irwin",
    "Keane",
    "Lomas",
    "Mercer",
]
PLACES = [
    "Ashby",
    "Brinley",
    "Corran",
    "Dunmore",
    "Elford",
    "Fenwick",
    "Garston",
    "Halden",
    "Ilford",
    "Kelso",
]
# What a scanner takes one letter, or two, for.
MISREAD = {
    "e": "co", "c": "eo", "o": "0ce", "l": "1Ii", "i": "l1j", "t": "fr", "r": "n", "n": "ru",
    "u": "n", "a": "so", "s": "a5", "h": "bl", "b": "h6", "g": "q9", "m": "n", "f": "t", "d": "cl",
    "y": "v", "v": "y",
}  # fmt: skip
# British and American endings of one word, and what must stand before them.
ENDINGS = (
    (r"(?<=[a-z]{3})ise(?=[sd]?\b)", "ize"), (r"(?<=[a-z]{3})ising\b", "izing"),
    (r"(?<=[a-z]{2})our(?=s?\b|ed\b|ing\b)", "or"), (r"(?<=[a-z]{3})tre\b", "ter"),
    (r"(?<=[a-z]{3})lled\b", "led"), (r"(?<=[a-z]{2})ence\b", "ense"),
    (r"\bgrey", "gray"), (r"\btowards\b", "toward"), (r"\bwhilst\b", "while"),
)  # fmt: skip
# House styles: each rule may be taken by itself.
STYLES = (
    (r"\bper cent\b", "percent"), (r"(?<=\d) percent\b", "%"), (r"\bsaid\b", "says"),
    (r"\bsays\b", "said"), (r"\b(Mr|Mrs|Dr)\. ", r"\1 "), (r"\bhas said\b", "said"),
    (r"\b2\b", "two"), (r"\b3\b", "three"), (r"\bten\b", "10"), (r"\beleven\b", "11"),
    (r"\bmillion\b", "mln"), (r"\bBritain\b", "the UK"), (r"\bthe US\b", "the U.S."),
    (r"\"", "\u201c"), (r"'", "\u2019"), (r" - ", "\u2014"), (r"\bvs\b", "v"),
    (r"\balmost\b", "nearly"),
    (r"\bmore than\b", "over"), (r"\babout\b", "around"), (r"\binto\b", "in to"),
    (r"\badviser", "advisor"),
    (r"\bkilograms\b", "kg"), (r"\bpeople\b", "persons"), (r"\btold\b", "tells"),
    (r"\bwhich\b", "that"),
)  # fmt: skip

Pairs = dict[str, list[tuple[str, str]]]


def main() -> None:
    """Make the copies, run scrub on them among other articles, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--half", choices=HALVES, action="append")
    chosen = parser.parse_args().half or list(HALVES)
    lines = ["# What people change is no spin", "", *(__doc__ or "").split("\n\n")[2].split("\n")]
    for half in chosen:
        lines += ["", f"## {half.capitalize()} half", "", *table(measure(half))]
        lines += ["", "The sound copy or the damaged one:", "", *table(damaged(half))]
    lines += ["", "## Real near-duplicates, on which nothing was tuned", "", *table(natural())]
    (RESULTS / "human.md").write_text("\n".join(lines) + "\n", "utf-8")


def measure(half: str) -> dict[str, dict[str, float]]:
    """Figures by kind of the made copies of one half."""
    articles = clean_articles(half)
    made = pairs(articles[BESIDE:], half)
    rows = [
        {"id": f"{kind}-{number:03}-{side}", "text": text}
        for kind, stories in made.items()
        for number, story in enumerate(stories)
        for side, text in zip("ab", story, strict=True)
    ]
    rows += [{"id": f"other-{n}", "text": text} for n, text in enumerate(articles[:BESIDE])]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        scrub("run", write_jsonl(Path(folder) / "docs.jsonl", rows), "-o", out, *NO_JAVA)
        return {kind: _figures(out, f"{kind}-") for kind in [*made, "other"]}


def natural() -> dict[str, dict[str, float]]:
    """Figures of the real near-duplicates among all articles of their collections."""
    result: dict[str, dict[str, float]] = {}
    for name in ("summaries", "reuters"):
        linked = {
            row[side]
            for row in read_csv(DATA / name / "natural_near.csv")
            for side in ("id_a", "id_b")
        }
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            scrub("run", DATA / name / "docs.jsonl.gz", "-o", out, *NO_JAVA)
            result[name] = _figures(out, linked)
    return result


DAMAGE: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "lower case": str.lower,
    "title case": str.title,
    "split words": lambda text: re.sub(r"\b([a-z]{4,6})([a-z]{2})\b", r"\1- \2", text, count=7),
    "homoglyphs": lambda text: text.replace(" the ", " th\u0435 "),
    "lost quotes": lambda text: re.sub("[\"'\u2018-\u201d]", "?", text),
    "tags": lambda text: "<p>" + text.replace("\n\n", "</p>\n\n<p>") + "</p>",
    "site text": lambda text: (
        f"{text}\n\nShare this story\nMost read\nSign up for our letters\nTop"
    ),
    "site text above": lambda text: f"Sign in Register Subscribe\n\n{text}",
    "date above": lambda text: f"Posted 3 Apr 2022 at 10:44\n\n{text}",
    "scan": lambda text: scanned(text, 0.02, random.Random(text)),
}


def figures() -> dict[str, float]:
    """The reported half: what is called spun (a rate), repairs, and damaged copies kept."""
    made, kept = measure("reported"), damaged("reported")
    spun = sum(row["spun"] for row in made.values())
    return {
        "called_spun": spun
        / sum(row["documents"] for kind, row in made.items() if kind != "other"),
        "repairs": sum(row["repairs"] for row in made.values()),
        "damaged_kept": sum(row["damaged one kept"] for row in kept.values()),
        "damaged_linked": sum(row["linked"] for row in kept.values())
        / sum(row["copies"] for row in kept.values()),
    }


def damaged(half: str) -> dict[str, dict[str, float]]:
    """Of sound articles beside a damaged copy with the smaller id, how often the copy was kept.

    Copies that cleaning makes equal are no longer damaged, and left out.
    """
    articles = iter(clean_articles(half))
    rows = [
        {"id": f"{kind}-{n:02}-{side}", "text": damage(text) if side == "a" else text}
        for kind, damage in DAMAGE.items()
        for n, text in ((n, next(articles)) for n in range(BESIDE // 5))
        for side in "ab"
    ]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        scrub("dedup", write_jsonl(Path(folder) / "docs.jsonl", rows), "-o", out)
        dropped = {row["id"] for row in read_csv(out / "dedup.csv") if row["kept"] == "false"}
        texts = {row["id"]: row["text"] for row in read_jsonl(out / "documents.jsonl")}
    result: dict[str, dict[str, float]] = {}
    for kind in DAMAGE:
        stories = [f"{kind}-{n:02}-" for n in range(BESIDE // 5)]
        stories = [story for story in stories if texts[f"{story}a"] != texts[f"{story}b"]]
        result[kind] = {
            "copies": len(stories),
            "linked": sum(bool({f"{story}a", f"{story}b"} & dropped) for story in stories),
            "damaged one kept": sum(f"{story}b" in dropped for story in stories),
        }
    return result


def _figures(out: Path, whose: str | set[str]) -> dict[str, float]:
    """Counts of a finished run over the documents of a kind, by their prefix or their ids."""

    def mine(i: str) -> bool:
        return i.startswith(whose) if isinstance(whose, str) else i in whose

    rows = [row for row in read_csv(out / "dedup.csv") if mine(row["id"])]
    found = [row for row in flags(out) if mine(row["id"])]
    kept = {row["id"] for row in rows if row["kept"] == "1" or row["kept"].lower() == "true"}
    return {
        "documents": len(rows),
        "linked": sum(row["relation"] != "unique" for row in rows),
        "spun": sum(row["spun"] in ("this", "both") for row in rows),
        "flags": len(found),
        "repairs": sum(row["id"] in kept and float(row["confidence"]) >= SURE for row in found),
    }


def table(measured: dict[str, dict[str, float]]) -> list[str]:
    """The figures as lines of Markdown, with their sums."""
    names = list(next(iter(measured.values())))
    sums = {name: sum(row[name] for row in measured.values()) for name in names}
    rows = [*measured.items(), ("all", sums)]
    return [
        "| kind | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
        *(
            "| " + " | ".join([kind, *(f"{row[n]:,.0f}" for n in names)]) + " |"
            for kind, row in rows
        ),
    ]


def clean_articles(half: str) -> list[str]:
    """Articles of near5k without copies, every other one, in a fixed mixed order."""
    data = Labelled("near5k")
    texts = {row["id"]: row["text"] for row in read_jsonl(data.documents)}
    alone = sorted(i for i, row in data.rows.items() if row["kind"] == "uniq")
    mine = alone[HALVES.index(half) :: 2]
    random.Random(half).shuffle(mine)
    return [texts[i] for i in mine]


def pairs(articles: list[str], half: str) -> Pairs:
    """The made copies, by kind: each a text and another that a person, or a scanner, made of it."""
    rng = random.Random(f"human {half}")
    stories = iter(articles)
    made: Pairs = {}
    for one in EDITIONS:
        for other in EDITIONS:
            if one != other:
                made[f"{one}-{other}"] = list(editions(one, other, half, stories, rng))
    language = NgramModel.of_texts(articles[:BESIDE])
    changes: dict[str, Callable[[str], str]] = {
        "spelling": lambda text: respelt(text),
        "style": lambda text: styled(text, rng),
        "edited-03": lambda text: edited(text, 0.03, rng, language),
        "edited-08": lambda text: edited(text, 0.08, rng, language),
        "edited-15": lambda text: edited(text, 0.15, rng, language),
        "edited-25": lambda text: edited(text, 0.25, rng, language),
        "scan-01": lambda text: scanned(text, 0.01, rng),
        "scan-04": lambda text: scanned(text, 0.04, rng),
        "scan-10": lambda text: scanned(text, 0.10, rng),
    }
    for kind, change in changes.items():
        made[kind] = []
        while len(made[kind]) < EACH:
            text = next(stories)
            both = (text, change(text))
            if rng.random() < 0.3:  # one side is an excerpt
                both = (
                    (both[0], excerpt(both[1]))
                    if rng.random() < 0.5
                    else (excerpt(both[0]), both[1])
                )
            made[kind].append(both)
    return made


def editions(
    one: str, other: str, half: str, stories: Iterator[str], rng: random.Random
) -> Iterator[tuple[str, str]]:
    """Stories that two editions print in their own words, the second at times an excerpt.

    Between the paragraphs of an article stand some lines of `dialects.txt`, filled in alike.
    """
    lines = Path(__file__).with_name("dialects.txt").read_text("utf-8").splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    lines = lines[HALVES.index(half) :: 2]
    for _ in range(EACH // 4):
        chosen = rng.sample(lines, rng.randint(4, 8))
        parts = next(stories).split("\n\n")[:6]
        for line in chosen:
            parts.insert(rng.randint(0, len(parts)), line)
        seed = rng.random()
        texts = [
            SLOT.sub(partial(_fill, edition, random.Random(seed)), "\n\n".join(parts))
            for edition in (one, other)
        ]
        yield (texts[0], excerpt(texts[1])) if rng.random() < 0.5 else (texts[0], texts[1])


def _fill(edition: str, draw: random.Random, slot: re.Match[str]) -> str:
    parts = slot[1].split("|")
    if len(parts) == len(EDITIONS):
        return parts[EDITIONS.index(edition)]
    if parts[0] == "I":
        return str(draw.randint(13, 60))
    return draw.choice(SURNAMES if parts[0] == "N" else PLACES)


def excerpt(text: str) -> str:
    """The first half of the paragraphs."""
    parts = text.split("\n\n")
    return "\n\n".join(parts[: max(1, (len(parts) + 1) // 2)])


def respelt(text: str) -> str:
    """British endings made American ones."""
    for pattern, there in ENDINGS:
        text = re.sub(pattern, there, text)
    return text


def styled(text: str, rng: random.Random) -> str:
    """Half of the rules of STYLES obeyed throughout."""
    for pattern, there in rng.sample(STYLES, len(STYLES) // 2):
        text = re.sub(pattern, there, text)
    return text


def edited(text: str, share: float, rng: random.Random, language: NgramModel) -> str:
    """An editor's hand: words exchanged that fit as well, some left out, some sentences moved.

    Of the synonyms of a word one is drawn among those that read about as well in its place; words
    for which none does stay.  For every four words exchanged one adverb or adjective goes.
    """
    words, known = words_of(text), load_thesaurus()
    places = [
        at for at in range(len(words)) if words.kind[at] == CONTENT and not words.is_name(at)
    ]  # fmt: skip
    rng.shuffle(places)
    wanted = math.ceil(share * len(words))
    spans: list[tuple[int, int, str]] = []
    for at in places:
        if len(spans) >= wanted:
            break
        own = words.lower[at]
        found, strength = known.originals(known.form(own))
        others = sorted({known.words[other] for other in found[strength == SYNONYM]})
        if not others:
            continue
        if own.endswith("ly") and rng.random() < 0.25:
            spans.append((words.start[at], words.end[at], ""))
            continue
        choice = Choice(words.lower[max(0, at - 2) : at], [[own], *([w] for w in others)],
                        words.lower[at + 1 : at + 3])  # fmt: skip
        fits = language.fits([choice])[0]
        good = [w for w, fit in zip(others, fits[1:], strict=True) if abs(fit - fits[0]) < 1]
        if good:
            word = rng.choice(good)
            raw = text[words.start[at]]
            spans.append(
                (words.start[at], words.end[at], word.capitalize() if raw.isupper() else word)
            )
    for start, end, word in sorted(spans, reverse=True):
        text = text[:start] + word + text[end:]
    text = text.replace("  ", " ")
    parts = text.split("\n\n")
    if len(parts) > 3 and share >= 0.15:
        at = rng.randrange(1, len(parts) - 1)
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return "\n\n".join(parts)


def scanned(text: str, share: float, rng: random.Random) -> str:
    """A scan: some letters are taken for others."""
    return "".join(
        rng.choice(MISREAD[sign]) if sign in MISREAD and rng.random() < share else sign
        for sign in text
    )


if __name__ == "__main__":
    main()
