"""The CSV tables: their columns, and cells that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from scrub.document import Flag, Pair, Rejection
from scrub.match.keep import Verdict
from scrub.match.rewrites.describe import Rewrite, surest_first
from scrub.sources import Origin, Story
from scrub.spin.lexicon import Lexicon
from scrub.table import SUSPECT, escape

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

DEDUP = (
    "id", "path", "cluster_id", "cluster_size", "kept", "kept_id", "relation", "spun", "jaccard",
    "containment", "shared_sentences", "spin_score", "flags", "words", "evidence",
)  # fmt: skip
PAIRS = (
    "id_a", "id_b", "relation", "spun", "jaccard", "containment_a", "containment_b",
    "shared_sentences", "evidence", "account",
)  # fmt: skip
SOURCES = (
    "id", "outlet", "source", "time", "url", "canonical", "title", "author", "truncated",
    "unread", "story_id", "first_seen", "new_in_this_run",
)  # fmt: skip
FLAGS = (
    "id", "start", "end", "source_start", "source_end", "text", "suggestion", "kind", "source",
    "confidence", "context", "decision",
)  # fmt: skip
LEXICON = ("spun", "original", "pairs", "documents", "confidence", "example")
REJECTED = ("id", "path", "reason", "detail")
EVENTS = ("event_id", "id")

# Where there is neither a score for the language nor a copy to judge by: its score is 0, which
# of a text that was judged it never is.
NOT_JUDGED = "not judged"

Cell = str | int | float | None


def write_table(
    file: SupportsWrite[bytes], columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Write a header and rows as UTF-8 CSV, Unix line ends; texts are escaped, None is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    # With Unix line ends the csv module leaves a carriage return unquoted, and readers split there.
    quoting = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        texts = [value for value in row if isinstance(value, str)]
        has_return = "\r" in "".join(texts)
        if has_return or not SUSPECT.isdisjoint([text[:1] for text in texts]):
            escaped = [escape(value) if isinstance(value, str) else value for value in row]
            (quoting if has_return else writer).writerow(escaped)
        else:  # the way of nearly all rows
            writer.writerow(row)
        if buffer.tell() > 1 << 20:
            file.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    file.write(buffer.getvalue().encode())


def dedup_rows(
    documents: Iterable[tuple[str, str]],
    verdicts: Mapping[str, Verdict],
    scores: Mapping[str, float],
    flags: Mapping[str, Sequence[Flag]],
    words: Mapping[str, int],
    sizes: Mapping[str, int] | None = None,
    rewrites: Mapping[str, str] | None = None,
) -> Iterable[tuple[Cell, ...]]:
    """The rows of `dedup.csv`, one for each document read, in reading order.

    `documents` are their ids, each with the path at which it was read;
    `sizes` counts the members of each cluster, where `verdicts` does not hold all of them;
    `rewrites` says of which document another that is kept is a rewrite or a summary.
    """
    rewrites = rewrites or {}
    if sizes is None:
        sizes = Counter(verdict.cluster_id for verdict in verdicts.values())
    for i, path in documents:
        verdict, pair = verdicts[i], verdicts[i].pair
        yield (
            i, path, verdict.cluster_id, sizes[verdict.cluster_id],
            "true" if verdict.kept else "false",
            verdict.kept_id, verdict.relation, verdict.spun,
            ratio(pair.jaccard) if pair else None,
            ratio(pair.containment_a) if pair else None,
            pair.shared_sentences if pair else None,
            ratio(scores[i]), len(flags.get(i, ())), words[i],
            pair.evidence if pair else rewrites.get(i, "") or (NOT_JUDGED if not scores[i] else ""),
        )  # fmt: skip


def source_rows(
    ids: Iterable[str],
    origins: Iterable[Origin],
    verdicts: Mapping[str, Verdict],
    stories: Mapping[str, Story],
) -> Iterable[tuple[Cell, ...]]:
    """The rows of `sources.csv`, one for each document read, in reading order.

    A document that is not among `stories` is new, and its story is that of its cluster.
    """
    for i, origin in zip(ids, origins, strict=True):
        story = stories.get(i) or Story(verdicts[i].cluster_id)
        yield i, *origin, *story, "false" if story.first_seen else "true"


def rewrite_evidence(rewrites: Iterable[Rewrite]) -> dict[str, str]:
    """For each rewrite or summary the evidence of its surest link."""
    found: dict[str, str] = {}
    for rewrite in surest_first(rewrites):
        found.setdefault(rewrite.derived, rewrite.pair.evidence)
    return found


def pair_rows(pairs: Iterable[Pair]) -> Iterable[tuple[Cell, ...]]:
    """The rows of `pairs.csv`."""
    for pair in pairs:
        yield (
            pair.id_a, pair.id_b, pair.relation, pair.spun, ratio(pair.jaccard),
            ratio(pair.containment_a), ratio(pair.containment_b), pair.shared_sentences,
            pair.evidence, pair.account,
        )  # fmt: skip


def flag_rows(flags: Iterable[tuple[Flag, tuple[int, int]]]) -> Iterable[tuple[Cell, ...]]:
    """The rows of `flags.csv`, from each flag and its span in the input's decoded text."""
    for flag, (source_start, source_end) in flags:
        yield (
            flag.id, flag.start, flag.end, source_start, source_end, flag.text, flag.suggestion,
            flag.kind, flag.source, ratio(flag.confidence), flag.context, flag.decision,
        )  # fmt: skip


def lexicon_rows(lexicon: Lexicon) -> Iterable[tuple[Cell, ...]]:
    """The rows of `lexicon.csv`, the most seen substitution first."""
    for row in lexicon.ordered():
        yield (
            row.spun, row.original, row.pairs, row.documents, ratio(row.confidence), row.example,
        )  # fmt: skip


def rejection_rows(rejections: Iterable[Rejection]) -> Iterable[tuple[Cell, ...]]:
    """The rows of `rejected.csv`."""
    return ((r.id, r.path, r.reason, r.detail) for r in rejections)


def ratio(value: float) -> float:
    """A measure as it is written.

    Four digits are more than the measures can carry, and they keep the bytes equal everywhere.
    """
    return round(float(value), 4)
