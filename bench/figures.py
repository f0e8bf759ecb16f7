"""Figures of quality: each function runs scrub on labelled data and returns named figures.

Rates are in [0, 1], "per_1000" counts events per thousand words; `work` is scratch room.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from labelled import (
    DATA,
    Labelled,
    Row,
    flags,
    read_csv,
    read_jsonl,
    score_flags,
    scorer,
    scrub,
    touched,
    write_csv,
    write_jsonl,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Figures = dict[str, float]

NO_JAVA = ("--set", "languagetool.scope=off")
SURE = 0.9  # the default of spin.repair_confidence
_COVERED = 0.8  # the default of keep.min_containment
SPUN = 0.5  # spin score from which a document stands accused
PHRASES = DATA / "phrases" / "tortured.csv"


def copies(data: Labelled, out: Path) -> Figures:
    """Precision, recall by kind and wrong template links of a finished run's clusters."""
    plain = write_csv(out / "truth.csv", data.rows.values(), next(iter(data.rows.values())))
    found = scorer("evaluate.py", plain, out / "dedup.csv")
    names = ("pair_precision", "pair_recall", "template_wrong_links", "wrong_pairs")
    recall = {f"recall_{kind}": value for kind, value in found["recall"].items()}
    worse = {"damaged_kept": _worse_ones_kept(data, out)}
    return {**{name: found[name] for name in names}, **recall, **worse}


def _worse_ones_kept(data: Labelled, out: Path) -> int:
    """Sound articles that were dropped for a copy with additions, spin or damage that has all of
    them; cleaning made some copies the same words again, which is no loss."""
    return sum(
        row["relation"] == "near"
        and data.rows[row["id"]]["kind"] in ("orig", "uniq")
        and data.rows[row["kept_id"]]["kind"] in "cdefgi"
        and float(row["containment"]) >= _COVERED
        for row in read_csv(out / "dedup.csv")
    )


def linked_pairs(truth: Path, out: Path) -> Figures:
    """Shares of labelled pairs that a finished run links in any way, by label."""
    found = {(row["id_a"], row["id_b"]) for row in read_csv(out / "pairs.csv")}
    clusters = {row["id"]: row["cluster_id"] for row in read_csv(out / "dedup.csv")}
    linked: dict[str, list[bool]] = defaultdict(list)
    for row in read_csv(truth):
        one, other = sorted((row["id_a"], row["id_b"]))
        linked[row["label"]].append((one, other) in found or clusters[one] == clusters[other])
    return {label: round(sum(hits) / len(hits), 4) for label, hits in linked.items()}


def words(
    found: Iterable[Row], ids: set[str], data: Labelled, work: Path, *, unspun: bool = False
) -> Figures:
    """Scores of the flags in some spun documents; with `unspun`, in everything else as well."""
    spans = {i: data.spans[i] for i in ids}
    rows = [r for r in found if r["id"] in ids or (unspun and r["id"] not in data.spans)]
    result = score_flags(rows, spans, data.documents, work)
    names = ("content_precision", "content_recall", "suggestion_exact", "restored")
    return {**{name: result[name] or 0.0 for name in names}, "flags": result["flags"]}


def words_by_kind(found: list[Row], ids: set[str], data: Labelled, work: Path) -> Figures:
    """`words` of all of `ids`, false flags elsewhere counted, and of each kind by itself."""
    result = _named("all", words(found, ids, data, work, unspun=True))
    for kind in "defi":
        some = ids & data.spun(kind)
        if some:
            result |= _named(kind, words(found, some, data, work))
    return result


def spun_words(data: Labelled, out: Path, work: Path) -> Figures:
    """Flags and spin scores of a run over the whole folder."""
    found = flags(out)
    result = words_by_kind(found, data.spun(), data, work)
    result |= _named("sibling", words(found, data.with_unspun_sibling(), data, work, unspun=True))
    result["repairs_right"] = _right_share(
        [r for r in found if float(r["confidence"]) >= SURE], data
    )
    result |= repairs(out, data.spans)
    result |= spin_scores(data, out, list(data.rows), work)
    return result


def repairs(out: Path, spans: Mapping[str, Any]) -> Figures:
    """What a finished run repaired in the spun texts that it kept, in 1,000 of their words.

    `wrong`: a word that no machine had put in; `inexact`: one that was, by another than it was.
    Articles that follow the word they stand before are not counted.
    """
    from scrub.spin.repair import repair
    from scrub.write.load import load_flags

    places = {
        (cleaned["id"], int(cleaned["start"]), int(cleaned["end"])): read
        for cleaned, read in zip(read_csv(out / "flags.csv"), flags(out), strict=True)
    }
    rows = {row["id"]: row for row in read_csv(out / "dedup.csv") if row["kept"] == "true"}
    found = defaultdict(list)
    for flag in load_flags(out / "flags.csv"):
        if flag.id in spans and flag.id in rows:
            found[flag.id].append(flag)
    texts = {r["id"]: r["text"] for r in read_jsonl(out / "documents.jsonl") if r["id"] in found}
    done: Counter[str] = Counter()
    for i, those in found.items():
        for flag in repair(texts[i], those, SURE)[1]:
            if place := places.get((i, flag.start, flag.end)):
                hit = touched(place, spans[i])
                right = any(s["original"].lower() == flag.suggestion.lower() for s in hit)
                done["right" if right else "inexact" if hit else "wrong"] += 1
    words = sum(int(rows[i]["words"]) for i in spans if i in rows)
    return {
        f"{how}_repairs_per_1000": 1000 * done[how] / max(1, words)
        for how in ("right", "inexact", "wrong")
    }


def spin_scores(data: Labelled, out: Path, ids: Iterable[str], work: Path) -> Figures:
    """How well spin scores tell spun documents: area under the curve, all, heavy and light."""
    rows = [data.rows[i] for i in ids]
    truth = write_csv(work / "truth.csv", rows, ("id", "cluster", "kind"))
    spans = data.documents.with_name("spans.jsonl.gz")
    found = scorer("evaluate_spans.py", spans, "--scores", out / "dedup.csv", "--truth", truth)
    return {name: found[name] for name in ("auc", "auc_heavy", "auc_light")}


def alone(data: Labelled, work: Path, *options: str) -> Figures:
    """One spun document of each cluster, siblings gone, while other clusters stay to teach.

    Two runs: each time half of the clusters teach and the other half is measured.  Documents that
    nobody spun are measured in one of the two.
    """
    clusters = sorted({data.rows[i]["cluster"] for i in data.spans})
    draw = random.Random(1)
    halves = [set(draw.sample(clusters, len(clusters) // 2))]
    halves.append(set(clusters) - halves[0])
    found: list[Row] = []
    measured: set[str] = set()
    for turn, teaching in enumerate(halves):
        ids = data.alone(1, teaching)
        out = work / f"alone{turn}"
        scrub("run", data.write(ids, work / f"alone{turn}.jsonl"), "-o", out, *options)
        mine = {i for i in ids if data.rows[i]["cluster"] not in teaching}
        mine = {
            i for i in mine if i in data.spans or random.Random(i).random() < 0.5 == (turn == 0)
        }
        found += [row for row in flags(out) if row["id"] in mine]
        measured |= mine & data.spans.keys()
    return words_by_kind(found, measured, data, work)


def isolated(data: Labelled, work: Path, *options: str) -> Figures:
    """One document of each cluster, spun where there is one, and scrub's own lexicon removed."""
    ids, out = data.alone(1), work / "isolated"
    source = data.write(ids, work / "isolated.jsonl")
    scrub("run", source, "-o", out, *options, default_lexicon=False)
    result = words_by_kind(flags(out), set(ids) & data.spans.keys(), data, work)
    result |= repairs(out, data.spans)
    return result | spin_scores(data, out, ids, work)


def summaries(work: Path) -> Figures:
    """Copies among articles, their extracts and look-alikes; and what is said of clean news."""
    folder, out = DATA / "summaries", work / "summaries"
    phrases = f"spin.phrases={PHRASES}"
    scrub("run", folder / "docs.jsonl.gz", "-o", out, *NO_JAVA, "--set", phrases)
    linked = _linked(out)
    result = {
        "extracts_found": _share(linked(r) for r in read_csv(folder / "pairs.csv")),
        "natural_found": _share(linked(r) for r in read_csv(folder / "natural_near.csv")),
        "hard_negatives_linked": sum(linked(r) for r in read_csv(folder / "hard_negatives.csv")),
    }
    return result | _accusations(out, "bbc:")


def reuters(work: Path) -> Figures:
    """Natural near-duplicates of wire stories by their Jaccard similarity; false accusations."""
    folder, out = DATA / "reuters", work / "reuters"
    scrub("run", folder / "docs.jsonl.gz", "-o", out, *NO_JAVA)
    linked, result = _linked(out), {}
    rows = read_csv(folder / "natural_near.csv")
    for least in (0.7, 0.5, 0.3):
        near = [row for row in rows if float(row["jaccard4"]) >= least]
        result[f"natural_found_{least}"] = _share(linked(row) for row in near)
    return result | _accusations(out, "reut:")


def rewrites(work: Path) -> Figures:
    """How many abstractive summaries, which are no copies, are linked with their articles."""
    folder, out = DATA / "rewrites", work / "rewrites"
    scrub("dedup", folder / "docs.jsonl.gz", "-o", out)
    linked = _linked(out)
    return {"rewrites_linked": _share(linked(row) for row in read_csv(folder / "pairs.csv"))}


def pages(work: Path) -> Figures:
    """Cleaning of web pages from their HTML, and from the text that a scraper left of them."""
    source = DATA / "boilerplate" / "pages.jsonl.gz"
    records = read_jsonl(source)
    folder = work / "pages"
    folder.mkdir()
    for number, page in enumerate(records):
        (folder / f"{number}.html").write_text(page["html"], encoding="utf-8")
    raw = write_jsonl(work / "raw.jsonl", ({"id": p["id"], "text": p["raw_text"]} for p in records))
    result: Figures = {}
    for name, given in (("html", folder), ("raw_text", raw)):
        out = work / name
        scrub("dedup", given, "-o", out)
        texts = {row["id"]: row["text"] for row in read_jsonl(out / "documents.jsonl")}
        keys = {f"{n}.html" if name == "html" else p["id"]: p["id"] for n, p in enumerate(records)}
        cleaned = ({"id": i, "text": texts.get(key, "")} for key, i in keys.items())
        found = scorer("evaluate_clean.py", source, write_jsonl(work / f"{name}.jsonl", cleaned))
        result |= _named(name, {n: found[n] for n in ("precision", "recall", "f1", "kept_noise")})
    return result


def encoding() -> Figures:
    """Damaged encodings: cases repaired as expected, and texts without damage left as they are."""
    import scrub as library

    repaired: dict[str, list[bool]] = defaultdict(list)
    for case in read_jsonl(DATA / "encoding" / "ftfy_cases.jsonl"):
        if case["expect"] == "pass":
            cleaned = library.clean(
                case["original"],
                clean__layout=False,
                clean__boilerplate=False,
                clean__uncurl_quotes=True,  # as the cases expect
            )
            name = "undamaged_unchanged" if case["set"] == "negative" else "repaired"
            repaired[name].append(cleaned.text == case["fixed"])
    return {name: _share(values) for name, values in repaired.items()}


def seeds(folder: Path, work: Path, *options: str) -> Figures:
    """The five seeds: who is linked, and the flags of the spun one against a reader's spans.

    Flags that touch only spans of which the reader was not sure count neither way in "high".
    """
    out = work / "seeds"
    scrub("run", folder, "-o", out, *options)
    linked = [row["id_a"][:3] + row["id_b"][:3] for row in read_csv(out / "pairs.csv")]
    result: Figures = {"pairs_right": linked.count("002003"), "pairs": len(linked)}
    found = [row for row in flags(out) if row["id"].startswith("002")]
    rows = read_csv(DATA / "seed_spans" / "002_spans.csv")
    sure = [row for row in rows if row["confidence"] == "high"]
    unsure = [row for row in rows if row["confidence"] != "high"]
    sources = sorted({row["source"].partition(":")[0] for row in found})
    for source in ("all", *sources):
        mine = [r for r in found if source in ("all", r["source"].partition(":")[0])]
        result |= _named(f"{source}.rows", _against(mine, rows))
        rest = [r for r in mine if _touches(r, sure) or not _touches(r, unsure)]
        result |= _named(f"{source}.high", _against(rest, sure))
    return result


def _against(found: list[Row], spans: list[Row]) -> Figures:
    hits = [(flag, touched) for flag in found if (touched := _touches(flag, spans))]
    reached = {row["start"] for _, touched in hits for row in touched}
    exact = [
        any(row["probable_original"].lower() == flag["suggestion"].lower() for row in touched)
        for flag, touched in hits
    ]
    return {
        "flags": len(found),
        "precision": _share([True] * len(hits) + [False] * (len(found) - len(hits))),
        "recall": len(reached) / len(spans),
        "suggestion_exact": _share(exact),
    }


def _touches(flag: Row, spans: list[Row]) -> list[Row]:
    first, last = int(flag["start"]), int(flag["end"])
    return [row for row in spans if int(row["start"]) < last and first < int(row["end"])]


def _right_share(found: list[Row], data: Labelled) -> float:
    """The share of flags that put the very original in the very place of a labelled span."""
    places = {
        (i, str(span["start"]), str(span["end"])): span["original"].lower()
        for i, spans in data.spans.items()
        for span in spans
    }
    return _share(
        places.get((r["id"], r["start"], r["end"])) == r["suggestion"].lower() for r in found
    )


def _accusations(out: Path, prefix: str) -> Figures:
    rows = [row for row in read_csv(out / "dedup.csv") if row["id"].startswith(prefix)]
    total = sum(int(row["words"]) for row in rows)
    kinds = Counter(r["kind"] for r in read_csv(out / "flags.csv") if r["id"].startswith(prefix))
    return {
        "accused": _share(float(row["spin_score"]) >= SPUN for row in rows),
        "wording_flags_per_1000": 1000 * kinds["wording"] / total,
        "phrase_flags_per_1000": 1000 * kinds["phrase"] / total,
    }


def _linked(out: Path) -> Any:  # noqa: ANN401 - a predicate
    cluster = {row["id"]: row["cluster_id"] for row in read_csv(out / "dedup.csv")}
    return lambda row: cluster[row["id_a"]] == cluster[row["id_b"]]


def _share(values: Iterable[bool]) -> float:
    counted = list(values)
    return sum(counted) / len(counted) if counted else 0.0


def _named(prefix: str, figures: Figures) -> Figures:
    return {f"{prefix}.{name}": value for name, value in figures.items()}
