"""Families of spinners on other articles: their swaps as tables, for measuring, never to teach.

What a family of `spinners` in the labelled data put for what is a table of words and phrases.  Here
each spins articles of `near5k` that have no copy and taught the score nothing, without a download.
A table has the words of five articles, so that it spins those articles that have most of them: the
texts are lightly spun, and most of what is swapped in them are small words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from figures import NO_JAVA, repairs
from labelled import (
    DATA,
    Labelled,
    flag_hits,
    read_csv,
    read_jsonl,
    right_and_found,
    scrub,
    write_jsonl,
)

if TYPE_CHECKING:
    from pathlib import Path

AMONG, EACH = 300, 50  # articles of which a family spins those that it changes most
BESIDE = 300  # others, that nobody spun
SPUN = 0.5


def tables() -> dict[str, dict[str, str]]:
    """Of each family what it puts for a word or a phrase, in small letters."""
    family = {row["id"]: row["family"] for row in read_csv(DATA / "spinners" / "truth.csv")}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_jsonl(DATA / "spinners" / "spans.jsonl.gz"):
        for span in row["spans"]:
            found[family[row["id"]]][span["original"].lower()] = span["spun"]
    return dict(sorted(found.items()))


def spin(text: str, table: dict[str, str]) -> tuple[str, list[dict[str, Any]]]:
    """The text with every word of the table swapped, longest phrases first, and the spans."""
    phrases = sorted(table, key=lambda phrase: (-len(phrase), phrase))
    spun, spans, at = "", [], 0
    for match in re.finditer(rf"(?<![\w'-])(?:{'|'.join(map(re.escape, phrases))})(?![\w'-])",
                             text, re.IGNORECASE):  # fmt: skip
        new = table[match[0].lower()]
        new = new[0].upper() + new[1:] if match[0][0].isupper() else new
        spun += text[at : match.start()]
        end = len(spun) + len(new)
        spans.append({"start": len(spun), "end": end, "spun": new, "original": match[0]})
        spun, at = spun + new, match.end()
    return spun + text[at:], spans


def figures(work: Path) -> dict[str, float]:
    """Texts called spun and words flagged, with no sibling; pairs linked, with their originals."""
    data = Labelled("near5k")
    texts = {row["id"]: row["text"] for row in read_jsonl(data.documents)}
    alone = sorted(
        i for i, row in data.rows.items() if row["kind"] == "uniq" and int(row["cluster"]) % 2
    )
    rows, spans, original = [], {}, {}
    for family, table in tables().items():
        some, alone = alone[:AMONG], alone[AMONG:]
        made = {i: spin(texts[i], table) for i in some}
        share = {i: len(made[i][1]) / len(texts[i].split()) for i in some}
        for i in sorted(some, key=lambda i: (-share[i], i))[:EACH]:
            name = f"{family}-{i}"
            rows.append({"id": name, "text": made[i][0]})
            spans[name], original[name] = made[i][1], i
    clean = alone[:BESIDE]
    out = work / "tables"
    every = rows + [{"id": i, "text": texts[i]} for i in clean]
    scrub("run", write_jsonl(work / "alone.jsonl", every), "-o", out, *NO_JAVA)
    score = {row["id"]: float(row["spin_score"]) for row in read_csv(out / "dedup.csv")}
    right, words_found = right_and_found(flag_hits(out, spans, ("wording",)), spans)
    result = {
        f"spun_{family}": sum(score[i] >= SPUN for i in spans if i[0] == family) / EACH
        for family in tables()
    }
    result |= {
        "accused": sum(score[i] >= SPUN for i in clean) / BESIDE,
        "words_precision": right,
        "words_recall": words_found,
        **repairs(out, spans),
    }
    both = rows + [{"id": i, "text": texts[i]} for i in original.values()]
    scrub("dedup", write_jsonl(work / "both.jsonl", both), "-o", work / "both")
    cluster = {row["id"]: row["cluster_id"] for row in read_csv(work / "both" / "dedup.csv")}
    linked = sum(cluster[i] == cluster[j] for i, j in original.items())
    return result | {"linked": linked / len(original)}
