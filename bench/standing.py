"""Series of texts with a standing block: how many are taken for copies, and which copies are found.

    python bench/standing.py [--corpus docs.jsonl.gz --truth truth.csv] [--series 80]

A series is 2 to 50 articles that share a block of 20 to 85 % of their words: a tail, a head,
questions between answers, several blocks; the block is made of templates of this script, or of the
sentences of an article.  Some members have a copy (kinds a, b, c, e and f of `planting.py`; of an
excerpt at least two sentences are the member's own).  Beside them stand articles of the corpus.
Rules were tuned on the even articles and the blocks of `TUNED`; the odd articles and the other
blocks are reported beside them.  Writes `bench/results/standing.md`.
"""

from __future__ import annotations

import argparse
import datetime
import random
import tempfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import articles
from dealing import split
from labelled import DATA, read_csv, read_jsonl, scrub, write_jsonl
from planting import Planter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RESULTS = Path(__file__).with_name("results") / "standing.md"
SIZES = (2, 2, 2, 2, 3, 3, 4, 5, 8, 12, 20, 50)
SHARES = (0.2, 0.85)
COPIED = 0.25  # of the members of a series
OTHERS = 300
SHORTEST = 4  # sentences of an article that is used
TUNED = ("tail:article", "head:article", "tail:release", "between:questions")
KINDS = ("a", "b", "c", "e", "f")

RELEASE = """About {org} {noun}s
{org} {noun}s makes, sells and repairs what a {adjective} {noun} needs, from {place} to {place2}.
The firm was founded in 19{n} by {person} and has {n}{m} people at {d} sites.
Its shares are traded in {place}, and its sales came to {n}.{d} million last year.
Safe harbour
Some of what is said above concerns the future and may turn out otherwise than we expect today.
Among the reasons are the prices of materials, the course of currencies and what our rivals do.
{org} will not bring these statements up to date unless a law says that it must.
Contact
Write to {person}, press office, or ring the number on our pages on working days until five."""
BIO = """{person} has written about the {noun} and the {noun2} for this paper since 20{n}.
Before that {person} taught at the school of journalism in {place} and lived in {place2}.
The column appears every second {day}, and letters to it are read, if not always answered.
A book of the best of them, with drawings by {person2}, is sold in good shops."""
INTRODUCTION = """Every {day} we ask one of our readers to tell us of a day that changed a life.
What they say is printed as they said it, shortened here and there, and nobody is paid for it.
The series began in the {adjective} spring of 20{n}, when {person} rang us from {place}.
If you have such a day to tell of, write to us, and do not worry about your spelling.
All that we ask for is that it happened, that it happened to you, and that it ends."""
DISCLAIMER = """This text is no advice, and who acts on it does so at a risk of their own.
The writer holds no shares of {org} and has had nothing from those who are named here.
Figures come from what firms publish and were not checked by {org} or by its auditors.
Past prices say nothing of later ones, and you may lose all that you have put in.
Who needs advice should ask somebody who knows their means, their plans and their taxes."""
QUESTIONS = """What is the first thing that you remember?
Where were you when the {noun} came to {place}?
Which of your teachers do you still think of, and why?
What would you never do again, whatever they paid you?
Who would you like to sit beside on a {adjective} journey?
When did you last lose your temper, and over what?
What have you got in your pockets at the moment?
How do you want your friends to speak of you one day?
Which book did you give up, and on which page?
What should we have asked you, and what is the answer?"""
TEMPLATES = {
    "release": RELEASE, "bio": BIO, "introduction": INTRODUCTION, "disclaimer": DISCLAIMER,
    "questions": QUESTIONS,
}  # fmt: skip
FORMS = (
    *("tail:article", "head:article", "tail:release", "between:questions"),
    *("tail:bio", "tail:disclaimer", "head:introduction", "both:article", "between:article"),
)


class Row(NamedTuple):
    """A document; those of one family are copies, those of one series share a block."""

    text: str
    series: int
    family: int
    kind: str
    form: str
    size: int


def main() -> None:
    """Measure both parts, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=DATA / "near5k" / "docs.jsonl.gz")
    parser.add_argument("--truth", type=Path, default=DATA / "near5k" / "truth.csv")
    parser.add_argument("--series", type=int, default=80)
    options = parser.parse_args()
    held = [form for form in FORMS if form not in TUNED]
    lines = [
        "# Series of texts with a standing block",
        "",
        f"{datetime.date.today():%Y-%m-%d}; `python bench/standing.py`, {options.series} series "
        f"each of articles of `{options.corpus.parent.name}`; beside them {OTHERS} articles.",
        "A pair of texts of two members is wrong where they are in one cluster.",
    ]
    for title, part, forms in (
        ("Odd articles, blocks of other forms: nothing was tuned on them", 1, held),
        ("Even articles and the forms that the rules were tuned on", 0, list(TUNED)),
    ):
        counts = measured(rows_of(options.corpus, options.truth, part, forms, options.series))
        lines += ["", f"## {title}", "", "| | pairs | wrong | per 1,000 | copies | found |"]
        lines.append("|---|---|---|---|---|---|")
        for name in dict.fromkeys(name for name, _ in sorted(counts)):
            pairs, copies = counts[name, "pairs"], counts[name, "copies"]
            wrong = (pairs, counts[name, "wrong"], _share(1000 * counts[name, "wrong"], pairs))
            found = (copies, _share(counts[name, "found"], copies))
            values = (*(wrong if pairs else ("", "", "")), *(found if copies else ("", "")))
            lines.append(f"| {name} | " + " | ".join(map(str, values)) + " |")
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")


def figures() -> dict[str, float]:
    """Wrong links for 1,000 pairs and the share of copies found, where nothing was tuned."""
    forms = [form for form in FORMS if form not in TUNED]
    corpus = DATA / "near5k"
    counts = measured(rows_of(corpus / "docs.jsonl.gz", corpus / "truth.csv", 1, forms, 80))
    return {
        "wrong_per_1000": _share(1000 * counts["all", "wrong"], counts["all", "pairs"]),
        "copies_found": _share(counts["all", "found"], counts["all", "copies"]),
    }


def rows_of(documents: Path, truth: Path, part: int, forms: Sequence[str], count: int) -> list[Row]:
    """Series made of every second original of a labelled corpus."""
    originals = [row["id"] for row in read_csv(truth) if row["kind"] in ("orig", "uniq")]
    chosen = set(sorted(originals)[part::2])
    bodies = (split(row["text"]) for row in read_jsonl(documents) if row["id"] in chosen)
    return make([body for body in bodies if len(body) >= SHORTEST], forms, count, seed=1)


def _share(part: float, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def block(source: str, bodies: Iterator[list[str]], rng: random.Random) -> list[str]:
    """The lines of a standing block."""
    if source == "article":
        return next(bodies)
    slots = {
        "org": articles.proper(rng, articles.ENDS_PERSON),
        "noun": rng.choice(articles.NOUNS), "noun2": rng.choice(articles.NOUNS),
        "adjective": rng.choice(articles.ADJECTIVES), "day": rng.choice(articles.DAYS),
        "person": articles.person(rng), "person2": articles.person(rng),
        "place": articles.proper(rng, articles.ENDS_PLACE),
        "place2": articles.proper(rng, articles.ENDS_PLACE),
        "n": rng.randint(10, 25), "m": rng.randint(10, 99), "d": rng.randint(2, 9),
    }  # fmt: skip
    return TEMPLATES[source].format_map(slots).split("\n")


def length(lines: Sequence[str]) -> int:
    """The words of some lines."""
    return sum(line.count(" ") + 1 for line in lines)


def cut(lines: list[str], words: float, least: int) -> list[str]:
    """The first lines that have so many words, and at least `least` lines."""
    taken: list[str] = []
    for line in lines:
        if len(taken) >= least and length(taken) + length([line]) / 2 > words:
            break
        taken.append(line)
    return taken


def put_together(place: str, standing: list[str], own: list[str]) -> list[str]:
    """A text of the block and its own lines."""
    if place == "tail":
        return own + standing
    if place == "head":
        return standing + own
    if place == "both":
        middle = len(standing) // 2
        return standing[:middle] + own + standing[middle:]
    lines = []
    for k, line in enumerate(standing):  # the lines of the block, each before some of its own
        low, high = (len(own) * n // len(standing) for n in (k, k + 1))
        lines += [line, *own[low:high]]
    return lines


def member(
    form: str, standing: list[str], bodies: Iterator[list[str]], rng: random.Random
) -> tuple[list[str], list[str]]:
    """A text of a series, as lines, and the lines of its own."""
    place, share = form.partition(":")[0], rng.uniform(*SHARES)
    least = len(standing) if place == "between" else 2
    while True:
        own = cut(next(bodies), length(standing) * (1 - share) / share, least)
        if SHARES[0] <= length(standing) / length(standing + own) <= SHARES[1]:
            return put_together(place, standing, own), own


def copies(
    kind: str, text: list[str], own: list[str], planter: Planter, rng: random.Random
) -> list[tuple[str, list[str]]]:
    """A member and its copy, with their kinds; of `f` two copies without it."""
    made = {"a": planter.edit, "b": planter.excerpt, "c": planter.furnish, "e": planter.spin}
    while True:
        if kind == "f":
            found = [("f", lines) for lines, _ in planter.orphans(text, rng)]
        else:
            found = [("", text), (kind, made[kind](text, rng)[0])]
        # Else it is an excerpt of the block, and of every member.
        if kind not in ("b", "f") or len(set(own) & set(found[1][1])) >= 2:
            return found


def make(corpus: Sequence[list[str]], forms: Sequence[str], count: int, seed: int) -> list[Row]:
    """Rows of `count` series, and of others.

    `corpus` holds the sentences of each article.  Raises StopIteration where they do not suffice.
    """
    rng = random.Random(f"standing {seed}")
    planter = Planter([line for body in corpus for line in body], seed)
    bodies = iter(rng.sample(corpus, len(corpus)))
    rows: list[Row] = []
    family = 0
    for number in range(count):
        form, size = forms[number % len(forms)], rng.choice(SIZES)
        lines = block(form.partition(":")[2], bodies, rng)
        standing = cut(lines, rng.uniform(60, 200), 2)
        for _ in range(size):
            family += 1
            text, own = member(form, standing, bodies, rng)
            found = [("", text)]
            if rng.random() < COPIED:
                found = copies(rng.choice(KINDS), text, own, planter, rng)
            rows += [Row(layout(t, rng), number, family, kind, form, size) for kind, t in found]
    rows += [Row(layout(next(bodies), rng), -1, 0, "", "", 0) for _ in range(OTHERS)]
    rng.shuffle(rows)
    return rows


def layout(lines: Sequence[str], rng: random.Random) -> str:
    """Paragraphs of a sentence or two; what is no sentence stands alone."""
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        together = before.endswith(".") and line.endswith(".") and rng.random() < 0.3
        pieces += [" " if together else "\n\n", line]
    return "".join(pieces)


def measured(rows: list[Row]) -> Counter[tuple[str, str]]:
    """By size, form and kind: `pairs` of a series, `wrong` ones, `copies`, those `found`."""
    ids = [f"s{k:05d}" for k in range(len(rows))]
    with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
        records = ({"id": i, "text": row.text} for i, row in zip(ids, rows, strict=True))
        source, out = write_jsonl(Path(scratch, "series.jsonl"), records), Path(scratch, "out")
        scrub("dedup", source, "-o", out)
        cluster = {row["id"]: row["cluster_id"] for row in read_csv(out / "dedup.csv")}
    counts: Counter[tuple[str, str]] = Counter()
    families: defaultdict[int, list[tuple[Row, str]]] = defaultdict(list)
    for i, row in zip(ids, rows, strict=True):
        if row.series >= 0:
            families[row.series].append((row, cluster[i]))
    for members in families.values():
        for k, (one, own) in enumerate(members):
            for other, its in members[k + 1 :]:
                copied = one.family == other.family
                names = (
                    (f"kind {one.kind or other.kind}",)
                    if copied
                    else (one.form, f"of {one.size:02}")
                )
                for name in ("all", *names):
                    counts[name, "copies" if copied else "pairs"] += 1
                    counts[name, "found" if copied else "wrong"] += own == its
    return counts


if __name__ == "__main__":
    main()
