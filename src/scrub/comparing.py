"""Two texts by themselves: is one a copy of the other, which is spun, which is earlier?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from scrub.document import Pair
from scrub.pipeline import analyse
from scrub.sources import hours, origin, precedes

if TYPE_CHECKING:
    from scrub.config import Settings
    from scrub.document import Document
    from scrub.match.explain import Explanation


@dataclass(slots=True, frozen=True)
class Comparison:
    """What two documents, a and b, have in common.

    `relation` is `exact`, `near`, `excerpt`, one of REWRITES, or `none`; `share_a` the share of
    a's words in sentences that b has, too; `spun` and `earlier` the side, where known for certain;
    `account` the evidence, as `scrub explain --json` gives it; `verdict` says it in a sentence.
    """

    verdict: str
    relation: Literal["exact", "near", "excerpt", "rewrite", "summary", "translation", "none"]
    share_a: float
    share_b: float
    spun: Literal["no", "a", "b", "both"]
    earlier: Literal["", "a", "b"]
    account: dict[str, Any]


def compare_documents(a: Document, b: Document, settings: Settings) -> Comparison:
    """Compare two documents of different ids, cleaned first; no third text is asked."""
    from scrub.match.account import least
    from scrub.match.explain import explain
    from scrub.match.rewrites.explain import explain_rewrite
    from scrub.store.stored import languages

    analysis = analyse([a, b], settings, flag=False)
    corpus = analysis.corpus
    account: dict[str, Any] = {"decided": "", "chain": [], "retelling": None}
    pair = next(iter(analysis.pairs), None)
    if len(corpus.ids) == 2:  # no filter of the settings took one out
        texts = list(corpus.texts)
        needed = least(settings.match.link_probability)
        explanation = explain(corpus.features, corpus.ids, texts, a.id, b.id, needed)
        if pair is None and explanation.linked:  # no candidates of a search, and yet a copy
            pair = _pair(explanation)
        if pair:
            account |= {"decided": pair.relation, "chain": [asdict(pair)]}
        account |= asdict(explanation)
        if pair is None and (settings.match.rewrites or settings.match.translations):
            pair = next((rewrite.pair for rewrite in analysis.rewrites), None)
            dates = [document.created for document in corpus.documents]
            account["retelling"] = asdict(
                explain_rewrite(
                    corpus.features, corpus.ids, texts, dates, set(corpus.ids), a.id, b.id,
                    languages(corpus) if settings.match.translations else (),
                )
            )  # fmt: skip
    earlier: Literal["", "a", "b"] = ""
    if precedes(a.created, b.created):
        earlier = "a"
    elif precedes(b.created, a.created):
        earlier = "b"
    turned = pair is not None and pair.id_a != a.id
    shares = (pair.containment_a, pair.containment_b) if pair else (0.0, 0.0)
    sides: dict[str, Literal["no", "a", "b", "both"]] = {
        "no": "no", "both": "both", "this": "b" if turned else "a",
        "other": "a" if turned else "b",
    }  # fmt: skip
    spun = sides[pair.spun if pair else "no"]
    share_a, share_b = shares[::-1] if turned else shares
    relation = pair.relation if pair else "none"
    return Comparison(
        _verdict(a, b, pair, share_a, share_b, spun, earlier, account),
        relation,  # type: ignore[arg-type] # a pair is never `unique` or `kept`
        round(share_a, 4), round(share_b, 4), spun, earlier, account,
    )  # fmt: skip


def _pair(explanation: Explanation) -> Pair:
    """The pair of two documents that their account links; nothing is known of its spun side."""
    from scrub.match.account import NEAR

    measures = explanation.measures
    shares = [measures[f"covered_{k}"] / max(1, measures[f"words_{k}"]) for k in "ab"]
    near = min(shares) >= NEAR
    return Pair(
        explanation.shorter, explanation.fuller,
        "exact" if explanation.exact else "near" if near else "excerpt", "no",
        float(measures["jaccard"]), shares[0], shares[1],
        int(min(measures["aligned_a"], measures["aligned_b"])), explanation.quotes[0],
    )  # fmt: skip


def _verdict(
    a: Document, b: Document, pair: Pair | None, share_a: float, share_b: float, spun: str,
    earlier: str, account: dict[str, Any],
) -> str:  # fmt: skip
    names = {"a": a.id, "b": b.id, "both": "both"}
    part, whole = (a.id, b.id) if share_a >= share_b else (b.id, a.id)
    shares = f"{share_a:.0%} of the words of {a.id} and {share_b:.0%} of those of {b.id}"
    match pair.relation if pair else "none":
        case "exact":
            verdict = f"{a.id} and {b.id} have the same words"
        case "near":
            verdict = f"{a.id} and {b.id} are copies of one text: {shares} stand in both"
        case "excerpt":
            verdict = f"{part} holds a part of {whole}: {shares} stand in both"
        case "rewrite" | "summary" | "translation" as kind:
            verdict = f"{a.id} and {b.id} are no copies; one is likely a {kind} of the other"
        case _:
            verdict = f"{a.id} and {b.id} are no copies of each other"
    if pair and spun != "no":
        verdict += f"; machine-spun wording: {names[spun]}"
    if pair and earlier:
        first, second = (a, b) if earlier == "a" else (b, a)
        between = hours(first.created, second.created)
        verdict += f"; {first.id} is earlier" + (f" by {between:,.1f} hours" if between else "")
        outlets = origin(first).outlet, origin(second).outlet
        verdict += f" ({outlets[0]}, then {outlets[1]})" if all(outlets) else ""
    if "total" in account:
        verdict += f"; evidence {account['total']:.2f}, a copy needs {account['threshold']:.2f}"
    return verdict
