"""The evidence sheet of two texts: all of both, unfolded and aligned, made for print, no script."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scrub.distribution import version
from scrub.document import REWRITES
from scrub.match.rewrites.describe import counted
from scrub.sources import Origin, origin
from scrub.write.record import settings_digest
from scrub.write.report import charts, page
from scrub.write.report.compare import Row, Span, compare
from scrub.write.report.rewriting import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scrub.comparing import Comparison
    from scrub.config import Settings
    from scrub.document import Document

Part = tuple[str, str, str]  # a run of text, its mark as in `compare.Span`, and the other side's


class Side(NamedTuple):
    """What is known of one text."""

    name: str
    origin: Origin
    captured: str
    words: int
    digest: str


class Beside(NamedTuple):
    """A stretch of either text; aligned ones are `same`, others stand beside nothing."""

    same: bool
    left: list[Part]
    right: list[Part]


def sheet(a: Document, b: Document, found: Comparison, settings: Settings) -> str:
    """The page as HTML text; `found` is what `compare_documents` said of the two."""
    terms = found.account.get("terms", ())
    account = " ".join(f"{t['name']}={t['value']:.2f}" for t in terms if abs(t["value"]) >= 0.005)
    verdict = found.verdict
    for document in sorted((a, b), key=lambda d: -len(d.id)):
        verdict = verdict.replace(document.id, _name(document.id))
    is_rewrite = found.relation in REWRITES
    rows, *marks = (
        aligned(a.text, b.text, found.relation) if is_rewrite else (compare(a.text, b.text), [], [])
    )
    evidence = found.account["retelling"]["evidence"] if is_rewrite else {}
    style = page.asset("report.css")
    return page.environment().get_template("sheet.html.j2").render(
        found=found,
        verdict=verdict,
        sides=[_side(a), _side(b)],
        rows=list(beside(a.text, b.text, rows, marks)),
        is_rewrite=is_rewrite,
        evidence=[(n, counted(evidence[n])) for n in evidence if n != "aligned" and evidence[n]],
        account=charts.waterfall(account, float(found.account.get("threshold", 1.0))),
        scrub=version(),
        settings=settings_digest(settings),
        style=style,
        policy=f"default-src 'none'; style-src '{page.hashed(style)}'; base-uri 'none'",
    )  # fmt: skip


def _name(given: str) -> str:
    """A text as it was given, without the folders of this machine."""
    return Path(given).name if Path(given).is_absolute() else given


def _side(document: Document) -> Side:
    text = document.text
    return Side(
        _name(document.id), origin(document), document.added, len(text.split()),
        hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )  # fmt: skip


def beside(
    left: str, right: str, found: Sequence[Row], marks: Sequence[Sequence[Span]] = ((), ())
) -> Iterator[Beside]:
    """All of two texts, in the order of the left one, sentence beside sentence.

    `found` are their aligned sentences, and `marks` those of what is not aligned, for each side.
    """
    before: dict[tuple[int, int], tuple[int, int]] = {}  # what the right has ahead of a sentence
    at = end = 0
    for row in sorted(found, key=lambda row: row.right):
        before[row.right] = end, max(end, row.right[0])
        end = max(end, row.right[1])
    for row in found:
        ends = (at, max(at, row.left[0])), before[row.right]
        yield from _gap((left, right), ends, marks)
        yield Beside(
            True, _parts(left, row.left, row.left_marks), _parts(right, row.right, row.right_marks)
        )
        at = max(at, row.left[1])
    yield from _gap((left, right), ((at, len(left)), (end, len(right))), marks)


def _gap(
    texts: tuple[str, str], ends: tuple[tuple[int, int], ...], marks: Sequence[Sequence[Span]]
) -> Iterator[Beside]:
    """What stands between two rows, if it is more than blanks."""
    sides = []
    for text, (start, end), own in zip(texts, ends, marks, strict=True):
        part = text[start:end]
        begin = start + len(part) - len(part.lstrip())
        sides.append(_parts(text, (begin, begin + len(part.strip())), own))
    if any(word for side in sides for word, *_ in side):
        yield Beside(False, sides[0], sides[1])


def _parts(text: str, ends: tuple[int, int], marks: Sequence[Span]) -> list[Part]:
    parts, at = [], ends[0]
    for mark in marks:
        if at <= mark.start and mark.end <= ends[1]:
            parts += [(text[at : mark.start], "", ""), (text[mark.start : mark.end], *mark[2:])]
            at = mark.end
    return [*parts, (text[at : ends[1]], "", "")]
