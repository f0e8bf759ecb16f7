"""`scrub check`: the flags of some inputs at their places, without an output folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scrub import kernels
from scrub.clean.spans import SourceSpans
from scrub.cli.annotations import Annotation, LineIndex, printable
from scrub.cli.one_text import read_one
from scrub.config import Settings
from scrub.corpus import Analysis
from scrub.document import Document, Rejection
from scrub.pipeline import analyse
from scrub.read import read


def annotate(inputs: Sequence[Path], settings: Settings) -> tuple[Analysis, list[Annotation]]:
    """Analyse `inputs`; returns the analysis and its flags by line and column of the input.

    The input `-` is standard input.  Of a record among several (JSONL, CSV, an archive) lines and
    columns are those of its text.  Raises InputError where an input does not exist.
    """
    documents: list[Document] = []
    rejections: list[Rejection] = []
    if Path("-") in inputs:
        documents.append(Document("-", read_one("-"), "-"))
    if files := [path for path in inputs if path != Path("-")]:
        for item in read(files, settings.read):
            (rejections if isinstance(item, Rejection) else documents).append(item)  # type: ignore[arg-type]
    raw = {document.id: document for document in documents}
    kernels.interpret(sum(len(document.text) for document in documents))
    analysis = analyse(documents, settings)
    analysis.rejections = rejections + analysis.corpus.rejections
    annotations = []
    for i, flags in analysis.flagged.flags.items():
        lines = LineIndex(raw[i].text)
        source = SourceSpans(analysis.corpus.changes.get(i, ()))
        for flag in flags:
            start, end = source(flag.start, flag.end)
            place = (*lines.position(start), *lines.position(end))
            annotations.append(Annotation(_location(raw[i].path, inputs), *place, flag))
    return analysis, sorted(annotations, key=lambda a: (a.path, a.line, a.column))


def _location(path: str, inputs: Sequence[Path]) -> str:
    """A document's path as the person who gave `inputs` would write it, so that editors find it."""
    for given in inputs:
        if given.name == path and given.is_file():
            return str(given)
        if (given / path).is_file():
            return str(given / path)
    return path


def account(analysis: Analysis) -> str:
    """For each document its spin score and what raised or lowered it, as plain text."""
    from scrub.spin.score import why

    lines = []
    for document in analysis.corpus.documents:
        score = analysis.corpus.scores[document.id]
        lines.append(f"{printable(document.path or document.id)}: spin score {score:.2f}")
        lines += [
            f"  {gave:+7.2f}  {name} = {value:.3f}" for name, value, gave in why(document.text)
        ]
    return "\n".join(lines)
