"""A made archive of many nights, and what an archive makes of it.

    python bench/nights.py [--nights 30] [--outlets 40] [--seed 1] [--hard-seed 2]

Every night outlets publish stories of their own, and others copy, print under licence, spin and
update them, under a new address, on the same night or a later one; a feed has the same page once
more.  Some copies have no date, some a day alone; a fifth of the outlets write dates in numbers,
each in its own order; some are read up to five nights late.  A second, harder archive is of another
seed, see `Shape`.  Measured are: who was first, of the
pairs whose dates allow it; whether any source that is called certain is wrong; story ids, which may
never change nor be given twice; and alerts, which must be the new copies that no licence covers.
Writes `bench/results/nights.md`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import re
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
_SYLLABLES = re.findall(
    r"\w+", "ba den fi gor hul jas kem lor mip nar pos quin rel sut tav wex zol bri cal dro fen gal"
)
# Zones as pages write them, by names and numbers; in a hard archive each outlet has one of them.
_CLOCKS = (("EST", -5), ("PDT", -7), ("CET", 1), ("MESZ", 2), ("+0900", 9), ("UTC", 0))
_ZONES = datetime.timedelta(hours=14, minutes=1)  # how far apart a time without a zone may be
_FEED = {"kind": "feed", "dated": False}
_START = datetime.datetime(2024, 3, 1, 18, tzinfo=datetime.UTC)
# Each of them kept apart from the words of the others, so that a made text reads like a text.
_FORMS = (
    "The {a} of {N} {v} the {b} in {M}, said {P} on {day}.",
    "{P} told the {a} that {n} {b}s near {M} would {v} by {day}.",
    "According to {N}, the {b} {v}ed after {n} days of {c}.",
    "A {c} in {M} {v}ed {n} of the {a}s, and {P} left before the {b} began.",
    "It is the {n}th {a} since {P} came to {N}, and the {c} has not {v}ed.",
    "\"We {v} what the {a} {v2}s,\" said {P}, who runs the {b} at {M}.",
    "Neighbours in {N} had asked for a {c} because the {a} would {v} their {b}.",
)  # fmt: skip


@dataclass
class Truth:
    """What is true of every document of every night, by (night, id)."""

    story: dict[tuple[int, str], int] = field(default_factory=dict)
    source: dict[int, set[tuple[int, str]]] = field(default_factory=dict)  # as page, and as feed
    dated: set[tuple[int, str]] = field(default_factory=set)  # copies whose dates say who was first
    alert: set[tuple[int, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Shape:
    """The share of copies without a date, how many are read in time for each that is late, and
    their kinds.

    In a `hard` archive each outlet writes the hour of its own zone, every fourth prints its stories
    under a second domain, too, and the archive is moved and loses a cache on its way.
    """

    undated: float = 0.1
    in_time: int = 9
    kinds: tuple[str, ...] = ("copy", "copy", "licensed", "spun", "update", "feed")
    hard: bool = False


EASY = Shape()
HARD = Shape(
    0.25, 2, ("copy", "licensed", "spun", "spun", "update", "update", "feed", "twin"), True
)


def article(rng: random.Random, words: int = 220) -> str:
    """A made text of sentences that no other has."""

    def word() -> str:
        return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 3)))

    cast = {name: word() for name in ("a", "b", "c", "v", "v2")}
    cast |= {name: word().title() for name in "NMP"}
    sentences: list[str] = []
    while sum(len(s.split()) for s in sentences) < words:
        own = {**cast, "c": word(), "b": word(), "n": str(rng.randint(3, 900))}
        own["day"] = rng.choice(("Monday", "Tuesday", "Friday", "Sunday"))
        sentences.append(rng.choice(_FORMS).format(**own))
    parts = [" ".join(sentences[k : k + 3]) for k in range(0, len(sentences), 3)]
    return "\n\n".join(parts)


def edited(rng: random.Random, text: str) -> str:
    """A desk's copy: a sentence fewer, a word here and there."""
    paragraphs = text.split("\n\n")
    if len(paragraphs) > 4:
        paragraphs.pop(rng.randrange(1, len(paragraphs)))
    return re.sub(r"\S+ ", lambda m: "" if rng.random() < 0.02 else m[0], "\n\n".join(paragraphs))


def spun(rng: random.Random, text: str) -> str:
    """A machine's copy: a fifth of the lower-case words are others."""
    return re.sub(
        r"\b[a-z]{5,}\b",
        lambda m: "".join(rng.choices(_SYLLABLES, k=2)) if rng.random() < 0.2 else m[0],
        text,
    )


def updated(rng: random.Random, text: str) -> str:
    """The same outlet's later version, with a paragraph more."""
    return f"{text}\n\n{article(rng, 40)}"


def make(
    folder: Path,
    nights: int,
    outlets: int,
    seed: int = 1,
    per_night: int = 12,
    shape: Shape = EASY,
) -> tuple[list[Path], Truth, dict[str, list[str]]]:
    """Write the inputs of all nights; returns their folders, the truth, and the allow-list.

    The first quarter of the outlets are agencies, whose text the second quarter prints under
    licence; the last eighth has what it takes spun.
    """
    rng = random.Random(seed)
    sites = [f"{''.join(rng.choices(_SYLLABLES, k=3))}{n}.com" for n in range(outlets)]
    agencies, papers = sites[: outlets // 4], sites[outlets // 4 : outlets // 2]
    mills = sites[-max(1, outlets // 8) :]
    others = [site for site in sites if site not in (*agencies, *mills)]
    truth, folders = Truth(), []
    clocks = {site: rng.choice(_CLOCKS) for site in sites} if shape.hard else {}
    twins = {site: f"{site[:-3]}net" for site in sites[::4]}
    waiting: dict[int, list[dict[str, object]]] = {n: [] for n in range(nights)}
    homes: list[str] = []
    for night in range(nights):
        begin = _START + datetime.timedelta(days=night)
        for _ in range(per_night):
            number, home = len(homes), rng.choice([*agencies, *others])
            when = begin + datetime.timedelta(minutes=rng.randint(0, 180))
            text = article(rng)
            homes.append(home)
            first = _record(home, when, text, number, "own", rng, shape, clocks)
            waiting[night].append(first)
            for _ in range(rng.choice((0, 1, 1, 2, 3))):
                later = min(nights - 1, night + rng.choice((0, 0, 0, 1, 2, 9)))
                at = when + datetime.timedelta(days=later - night, minutes=rng.randint(30, 200))
                kind = rng.choice(shape.kinds)
                site = rng.choice([site for site in others if site != home])
                copy = edited(rng, text)
                if kind == "licensed":
                    site = rng.choice([site for site in papers if site != home])
                elif kind == "spun":
                    site, copy = rng.choice(mills), spun(rng, text)
                elif kind == "update":
                    site, copy = home, updated(rng, text)
                elif kind == "twin":
                    site, copy = twins.get(home, site), text
                elif kind == "feed":
                    waiting[night].append(
                        {**first, "url": f"{first['url']}?utm_source=feed"} | _FEED
                    )
                    continue
                read = min(
                    nights - 1, later + rng.choice((0,) * shape.in_time + (rng.randint(1, 5),))
                )
                waiting[read].append(
                    _record(site, at, copy, number, kind, rng, shape, clocks, when)
                )
    for night, records in waiting.items():
        folders.append(folder / f"{_START + datetime.timedelta(days=night):%Y-%m-%d}")
        folders[-1].mkdir(parents=True)
        rng.shuffle(records)
        with (folders[-1] / "pages.jsonl").open("w") as file:
            for number, record in enumerate(records):
                _judge(truth, (night, str(number)), record, homes, (agencies, papers), twins)
                fields = {key: record[key] for key in ("url", "published", "title", "text")}
                file.write(json.dumps({"id": str(number), **fields}) + "\n")
    pairs = [f"{source} > {paper}" for source in agencies for paper in papers]
    pairs += [f"{one} > {other}" for one, other in twins.items() if shape.hard]
    return folders, truth, {"allow.pairs": pairs}


def _record(
    site: str, when: datetime.datetime, text: str, story: int, kind: str, rng: random.Random,
    shape: Shape, clocks: dict[str, tuple[str, int]], source: datetime.datetime | None = None,
) -> dict[str, object]:  # fmt: skip
    """A page; `dated` says whether its date alone puts it after the time of its `source`."""
    form = rng.choice(("%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %H:%M:%S GMT", "%B %d, %Y %I:%M %p UTC"))
    dated, zone = True, clocks.get(site)
    shown = when + datetime.timedelta(hours=zone[1]) if zone else when
    if zone:
        form = rng.choice(("%Y-%m-%d %H:%M ", "%a, %d %b %Y %H:%M:%S ", "%B %d, %Y %I:%M %p "))
        form += zone[0]
    if source:
        chance = rng.random()
        in_numbers = sum(map(ord, site)) % 5 == 0
        if chance < shape.undated:
            form, dated = "soon", False
        elif chance < shape.undated + 0.1:  # a day alone, which may be any of the world's
            form, dated = "%Y-%m-%d", shown.replace(hour=0, minute=0) - _ZONES > source
        elif in_numbers:
            form = "%d/%m/%Y %H:%M" if sum(map(ord, site)) % 2 else "%m/%d/%Y %H:%M"
            dated = shown.day > 12 and shown - _ZONES > source
    return {
        "url": f"https://www.{site}/{story}-{rng.randrange(10**6)}", "title": text[:40],
        "published": shown.strftime(form), "text": text,
        "story": story, "kind": kind, "site": site, "dated": dated,
    }  # fmt: skip


def _judge(
    truth: Truth,
    key: tuple[int, str],
    record: dict[str, object],
    homes: list[str],
    licensed: tuple[list[str], list[str]],
    twins: dict[str, str],
) -> None:
    """Note what is true of one document."""
    story, site = int(str(record["story"])), record["site"]
    truth.story[key] = story
    if record["kind"] in ("own", "feed"):
        truth.source.setdefault(story, set()).add(key)
        return
    if record["dated"]:
        truth.dated.add(key)
    allowed = homes[story] in licensed[0] and site in licensed[1]
    allowed |= site == twins.get(homes[story])
    if site != homes[story] and not allowed:
        truth.alert.add(key)


def measure(
    folders: list[Path],
    truth: Truth,
    archive: Path,
    allow: dict[str, list[str]],
    shape: Shape = EASY,
) -> dict[str, float]:
    """Run every night into the archive, and hold what it says against the truth."""
    from scrub.config import load
    from scrub.pipeline import run_night
    from scrub.provenance import provenance
    from scrub.table import load_table

    overrides = {"languagetool.scope": "off", "engine.jobs": 1, **allow}
    settings = load(overrides=overrides, environ={})[0]
    first = right = certain = mistaken = alerts_wrong = 0
    story_of: dict[int, set[str]] = {}
    stories: dict[str, set[int]] = {}
    seconds: list[float] = []
    labels: dict[str, int] = {}
    for night, folder in enumerate(folders):
        if shape.hard and night == len(folders) // 3:
            shutil.rmtree(next(archive.glob("0002-*")) / ".cache")
        if shape.hard and night == len(folders) // 2:
            archive = archive.rename(archive.with_name("moved"))
        began = time.perf_counter()
        _, out = run_night([folder], archive, settings, flag=False)
        seconds.append(time.perf_counter() - began)
        labels[out.name] = night
        for row in load_table(out / "sources.csv"):
            story_of.setdefault(truth.story[night, row["id"]], set()).add(row["story_id"])
            stories.setdefault(row["story_id"], set()).add(truth.story[night, row["id"]])
        known = provenance(out)
        sources = {copy.pair.id_a: copy for copy in known.copies if not copy.doubt}
        for _, i in sorted(key for key in truth.dated if key[0] == night):
            first += 1
            named = _place(sources[i].pair.id_b, labels, night, truth) if i in sources else None
            right += named in truth.source[truth.story[night, i]]
        for i, copy in sources.items():
            where = _place(i, labels, night, truth)
            source = _place(copy.pair.id_b, labels, night, truth)
            certain += 1
            mistaken += source not in truth.source[truth.story[where]]
        alerts = {(night, copy.pair.id_a) for copy in known.alerts}
        alerts_wrong += len(alerts ^ {key for key in truth.alert if key[0] == night})
    return {
        "documents": len(truth.story),
        "copies whose source is told by dates": first,
        "of these named rightly": right / max(1, first),
        "sources called certain": certain,
        "of these wrong": mistaken,
        "stories with one id": sum(len(ids) == 1 for ids in story_of.values()) / len(story_of),
        "ids of one story": sum(len(of) == 1 for of in stories.values()) / len(stories),
        "alerts": len(truth.alert),
        "wrong or missing alerts": alerts_wrong,
        "seconds of the first night": seconds[0],
        "seconds of the last": seconds[-1],
    }


def _place(i: str, labels: dict[str, int], night: int, truth: Truth) -> tuple[int, str]:
    """The night and the id of a document as the result of a night names it.

    An id that no other night has, or only a later one, stands there as it is.
    """
    name, _, own = i.rpartition("/")
    if name:
        return labels[name], own
    return next((n, i) for n in range(night, -1, -1) if (n, i) in truth.story)


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--outlets", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hard-seed", type=int, default=2)
    options = parser.parse_args()
    found = []
    for seed, shape in ((options.seed, EASY), (options.hard_seed, HARD)):
        with tempfile.TemporaryDirectory(prefix="scrub-nights-") as scratch:
            folder = Path(scratch)
            made = make(folder / "in", options.nights, options.outlets, seed, shape=shape)
            found.append(measure(made[0], made[1], folder / "archive", made[2], shape))
    lines = [
        "# Nights of a growing archive",
        "",
        f"{datetime.date.today():%Y-%m-%d}; {options.nights} nights, {options.outlets} outlets, "
        f"seeds {options.seed} and {options.hard_seed}; made texts, nothing was fitted on them. "
        "Harder: a quarter of the copies without a date, a third read late, more spun ones and "
        "updates, hours in zones by name, second domains, the archive moved and without one cache "
        "on its way. Seconds are of one process, the first night's with compiling where nothing "
        "was compiled.",
        "",
        "| | | harder |",
        "|---|---|---|",
        *(f"| {name} | {value:,.4g} | {found[1][name]:,.4g} |" for name, value in found[0].items()),
    ]
    (HERE / "results" / "nights.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
