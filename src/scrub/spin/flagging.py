"""All evidence of substituted words brought together, and the repairs that it is sure of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from scrub.config import Settings, SpinSettings
from scrub.corpus import Corpus, Flagged
from scrub.document import Document, Flag
from scrub.match.keep import Verdict
from scrub.match.pairs import Copies
from scrub.spin import context, evidence, languagetool, lexicon, phrases, siblings
from scrub.spin.judge import SPUN, Judgement, judge
from scrub.spin.repair import repair

NOT_ASKED = {"outcome": "not asked"}


def find_flags(corpus: Corpus, copies: Copies, settings: Settings) -> Flagged:
    """Flag the substituted words of every document that looks spun, by every kind of evidence."""
    judgement = judge(corpus, copies, thorough=True)
    texts = {document.id: document.text for document in corpus.documents}
    examined = context.examine(texts, judgement.beliefs, groups=judgement.clusters)
    believed = {**judgement.beliefs, **_unheard(examined.scores, judgement)}
    from_siblings = siblings.flags_of(texts, judgement.comparisons, believed)
    confirmed = siblings.confirmed(texts, judgement.comparisons, believed)
    background = (text for i, text in texts.items() if believed[i] < SPUN)
    learned = lexicon.learn(texts, from_siblings, confirmed, background)
    known = lexicon.merge(learned, lexicon.default(), *_given(settings.spin.lexicon))
    doubted: dict[str, set[int]] = defaultdict(set)
    for flag in examined.flags:
        doubted[flag.id].add(flag.start)
    from_lexicon = lexicon.flags(texts, known, believed, judgement.wording, doubted)
    from_languagetool, report = languagetool.flags(
        texts, believed, settings.languagetool, threshold=SPUN
    )
    from_phrases: list[Flag] = []
    if settings.spin.phrases:
        from_phrases = phrases.flags(texts, phrases.read(Path(settings.spin.phrases)))
    merged = evidence.merge(
        from_siblings,
        from_lexicon,
        examined.flags,
        from_languagetool,
        from_phrases,
        confirmed=confirmed,
    )
    scores = {**corpus.scores, **examined.scores}
    return Flagged(_by_document(merged), scores, learned, asdict(report))


def _unheard(scores: Mapping[str, float], judgement: Judgement) -> dict[str, float]:
    """The scores of documents of which no sibling has spoken."""
    heard = {i for c in judgement.comparisons for i in (c.id_a, c.id_b)}
    return {i: score for i, score in scores.items() if i not in heard}


def _given(path: str) -> list[lexicon.Lexicon]:
    return [lexicon.read(Path(path))] if path else []


def no_flags(corpus: Corpus) -> Flagged:
    """What a run without flags has found."""
    return Flagged({}, corpus.scores, lexicon.Lexicon(), NOT_ASKED)


def repair_kept(
    corpus: Corpus, verdicts: Mapping[str, Verdict], flagged: Flagged, settings: SpinSettings
) -> list[Document]:
    """The kept documents, with the flags that are sure enough applied and counted in `metadata`."""
    kept = []
    for document in corpus.documents:
        if not verdicts[document.id].kept:
            continue
        text, applied = repair(
            document.text, flagged.flags.get(document.id, ()), settings.repair_confidence
        )
        if applied:
            metadata = {**document.metadata, "repairs": len(applied)}
            document = replace(document, text=text, metadata=metadata)
        kept.append(document)
    return kept


def _by_document(flags: list[Flag]) -> dict[str, list[Flag]]:
    result: dict[str, list[Flag]] = defaultdict(list)
    for flag in flags:
        result[flag.id].append(flag)
    return dict(result)
