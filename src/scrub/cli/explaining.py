"""`scrub explain`: why two documents of a finished run were, or were not, linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Any

from scrub import kernels
from scrub.archive import earlier_results, names_of
from scrub.cli.annotations import printable
from scrub.config import Settings
from scrub.document import Document
from scrub.errors import InputError
from scrub.sources import origin
from scrub.table import load_table
from scrub.write.load import load_documents, load_pairs, load_record

_BATCH = 2000  # documents whose features are taken at once
_SHARED = {
    "names": "names in both, with the documents that have them",
    "numbers": "numbers in both",
    "quotes": "quotes in both, with the documents that have the rarest word",
    "new": "names and numbers that only the shorter has",
}


def explain_pair(out: Path, id_a: str, id_b: str) -> dict[str, Any]:
    """The evidence for and against two documents of the run in `out`.

    The texts of `documents.jsonl` are matched again with the run's own settings, because what
    many documents share weighs little: this takes as long as the match stage of the run.
    Returns the fields of `scrub.match.explain.Explanation`, under `origins` those of
    `scrub.sources.Origin` by id, under `decided` the relation that the
    run gave the two ("" where it did not pair them), and under `chain` the pairs that link them,
    by way of others too; where they are not linked as copies, under `retelling` those of
    `scrub.match.rewrites.explain.GradedRewrite`, else None.  One of the two, or both, may be of an
    earlier result that the run was compared with.  Raises InputError for an unknown id.
    """
    if id_a == id_b:
        raise InputError(f"{id_a!r} is one document; name two")
    record = load_record(out, "documents.jsonl", "pairs.csv")
    settings = Settings.model_validate(record["settings"]).match
    documents = list(load_documents(out))
    own = {document.id for document in documents}
    for given in dict.fromkeys(i for i in (id_a, id_b) if i not in own):
        documents += islice(_earlier(given, out, record), 1)
    ids = [document.id for document in documents]
    texts = [document.text for document in documents]
    for given in (id_a, id_b):
        if given not in ids:
            raise InputError(_unknown(given, ids, out))
    kernels.interpret(sum(map(len, texts)))

    from scrub.match.account import least
    from scrub.match.explain import explain, shortest_chain
    from scrub.match.features import Features, features
    from scrub.match.rewrites.explain import explain_rewrite

    parts = [features(texts[k : k + _BATCH], settings) for k in range(0, len(texts), _BATCH)]
    found = Features.concat(parts)
    explanation = explain(found, ids, texts, id_a, id_b, least(settings.link_probability))
    graded = None
    if (settings.rewrites or settings.translations) and not explanation.linked:
        kept = {row["id"] for row in load_table(out / "dedup.csv") if row["kept"] == "true"}
        created = [document.created for document in documents]
        languages = [str(document.metadata.get("language", "")) for document in documents]
        graded = asdict(
            explain_rewrite(
                found, ids, texts, created, kept, id_a, id_b,
                languages if settings.translations else (),
            )
        )  # fmt: skip
    steps = shortest_chain(load_pairs(out), id_a, id_b)
    links = [asdict(pair) for pair in steps]
    decided = steps[0].relation if len(steps) == 1 else ""
    about = {d.id: origin(d)._asdict() for d in documents if d.id in (id_a, id_b)}
    return {
        **asdict(explanation),
        "origins": about,
        "decided": decided,
        "chain": links,
        "retelling": graded,
    }


def _earlier(given: str, out: Path, record: Mapping[str, Any]) -> Iterator[Document]:
    """The document that a run names so, of the earlier results that it was compared with."""
    folders = earlier_results(out, record)
    for folder, label in zip(folders, names_of(folders), strict=True):
        for document in load_documents(folder):
            if document.id in (given, given.removeprefix(f"{label}/")):
                yield replace(document, id=given)


def account(answer: Mapping[str, Any]) -> str:
    """The answer of `explain_pair` as lines for people."""
    verdict = "linked" if answer["linked"] else "not linked"
    lines = [
        f"{answer['shorter']} and {answer['fuller']}: {verdict}"
        + (", the same words" if answer["exact"] else "")
    ]
    for i, known in answer.get("origins", {}).items():
        known_of = [known[name] for name in ("outlet", "time", "title", "url") if known[name]]
        if known["time"] or known["title"] or known["url"]:
            lines.append(f"  {i}: {', '.join(known_of)}")
    for term in answer["terms"]:
        lines.append(f"  {term['value']:+7.2f}  {term['name']}: {term['meaning']}")
    lines.append(f"  {answer['total']:7.2f}  in all; {answer['threshold']:.2f} makes a pair")
    lines += [f"  lacks: {reason}" for reason in answer["missing"]]
    if answer["quotes"][0]:
        lines.append("  the strongest sentence of each:")
        lines += [f"    {quote}" for quote in answer["quotes"]]
    if (answer["linked"] or not answer.get("candidate", True)) and not answer["chain"]:
        lines.append("  the run did not link them: they were no candidates, so never compared")
    elif answer.get("decided") and not answer["linked"]:
        lines.append(f"  the run linked them, as {answer['decided']}")
    if len(answer["chain"]) > 1:
        lines.append("  linked by way of others:")
        lines += [
            f"    {step['id_a']} - {step['id_b']}: {step['relation']}, {step['evidence']}"
            for step in answer["chain"]
        ]
    if answer["retelling"]:
        lines += _rewrite_lines(answer["retelling"])
    return "\n".join(printable(line) for line in lines)


def _rewrite_lines(account: Mapping[str, Any]) -> list[str]:
    """The account of a rewrite or a summary as lines."""
    from scrub.match.rewrites.describe import counted

    graded = f"{account['grade']} {account['relation']}" if account["grade"] else "no grade"
    lines = [f"as a {account['relation']} (the shorter is {account['shorter']}): {graded}"]
    lines.append(f"  {account['bias']:+7.2f}  what all pairs begin with")
    lines += [
        f"  {term['value']:+7.2f}  {term['name']}: {term['meaning']}" for term in account["terms"]
    ]
    lines.append(
        f"  {account['total']:7.2f}  in all; {account['likely']:.2f} is likely, "
        f"{account['strong']:.2f} strong"
    )
    lines += [f"  lacks: {reason}" for reason in account["missing"]]
    found = account["evidence"]
    for name, meaning in _SHARED.items():
        if found[name]:
            lines.append(f"  {meaning}: {counted(found[name])}")
    if found["aligned"]:
        lines.append("  sentences of the shorter, each with what tells the same in the other:")
    for one, other in found["aligned"]:
        lines += [f"    {one}", f"      | {other}"]
    return lines


def _unknown(given: str, ids: list[str], out: Path) -> str:
    import difflib

    close = [i for i in ids if i.startswith(given)] or difflib.get_close_matches(given, ids)
    hint = f"; did you mean {close[0]}?" if close else f"; the ids are in {out}/dedup.csv"
    return f"no document {given!r} in {out}{hint}"
