"""All evidence of substituted words brought together.

Three passes over batches of whole clusters, each a plain function that any engine can map: what
siblings show (`sibling_evidence`), merged into what is known of the corpus (`Knowledge`), then a
search of every suspect text for it (`search`).  LanguageTool, one server for all, comes last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrub.config import Settings, SpinSettings
from scrub.corpus import Corpus, Flagged
from scrub.document import Flag
from scrub.match.keep import exact_groups
from scrub.match.pairs import Copies
from scrub.spin import context, evidence, known, languagetool, lessons, lexicon, phrases, siblings
from scrub.spin.direction import SPUN, chosen_pairs, compare_words
from scrub.spin.judge import Clusters, in_clusters, language, load_model, stored_model
from scrub.spin.known import SiblingWordings
from scrub.spin.lessons import Lessons
from scrub.spin.lexicon import Table
from scrub.spin.lists import known_phrases, known_substitutions
from scrub.spin.ngrams import NgramModel
from scrub.spin.word_use import WordUse, count_use
from scrub.spin.words import Words, words_of

if TYPE_CHECKING:
    from scrub.engine.local import LocalEngine

NOT_ASKED = {"outcome": "not asked"}
_LEXICON = "lexicon.csv"


@dataclass(slots=True, frozen=True)
class SiblingEvidence:
    """What the documents of a batch of clusters show of each other's words.

    siblings   ids of the documents that were judged beside another
    flags      of siblings
    confirmed  id -> code points at which words begin that an unspun sibling has too
    lessons    what the flags teach; `use` the words of suspect clusters
    """

    siblings: frozenset[str]
    flags: list[Flag]
    confirmed: dict[str, set[int]]
    lessons: Lessons
    use: WordUse


@dataclass(slots=True, frozen=True)
class Knowledge:
    """What is known of a whole corpus: its language, substitutions by spun wording, word use."""

    model: NgramModel
    table: Table
    use: WordUse


@dataclass(slots=True, frozen=True)
class Found:
    """The flags that knowledge gives for a batch, and what is believed of each text at the end."""

    flags: list[Flag]
    beliefs: dict[str, float]


def find_flags(
    corpus: Corpus, copies: Copies, kept: Collection[str], settings: Settings, engine: LocalEngine
) -> Flagged:
    """Flag the substituted words of every document that looks spun, by every kind of evidence.

    What only a search finds, through the corpus's knowledge or LanguageTool, is looked for in the
    `kept` ids, unless settings want it of dropped copies, too.  The scores of `corpus` are what was
    judged of its documents; for one that has no sibling they are corrected by its words.  The
    answer is the same for any number of processes of the engine.
    """
    paired = {i for pair in copies.pairs for i in (pair.id_a, pair.id_b)}
    suspects = {i for i, score in corpus.scores.items() if score >= context.SUSPECT}
    model = language(corpus, copies)
    batches = list(in_clusters(corpus, copies, paired | suspects))
    with stored_model(model, engine.folder) as folder:
        collected = list(engine.map(partial(_sibling_evidence, folder, settings.spin), batches))
        learned = lessons.learn(Lessons.merge(part.lessons for part in collected), model)
        known_substitutions(learned, settings.spin).write(folder / _LEXICON)
        WordUse.merge(part.use for part in collected).save(folder)
        wanted = [
            frozenset(batch.texts if settings.spin.search_copies else batch.texts.keys() & kept)
            for batch in batches
        ]
        work = zip(batches, map(_lighter, collected), wanted, strict=True)
        found = list(engine.map(partial(_search, folder, settings.spin), work))
    believed = {**corpus.scores, **{i: b for part in found for i, b in part.beliefs.items()}}
    if settings.languagetool.scope == "all":
        batches = list(in_clusters(corpus, copies))
    texts = {
        i: text
        for batch in batches
        for i, text in batch.texts.items()
        if settings.spin.search_copies or i in kept
    }
    by_rules, report = languagetool.flags(texts, believed, settings.languagetool, threshold=SPUN)
    listed: list[Flag] = []
    if compiled := known_phrases(settings.spin):
        for part_listed in engine.map(partial(_listed, compiled), in_clusters(corpus, copies)):
            listed += part_listed
    merged = evidence.merge(
        *(part.flags for part in collected),
        *(part.flags for part in found),
        by_rules,
        listed,
        confirmed={i: places for part in collected for i, places in part.confirmed.items()},
    )
    return Flagged(by_document(merged), believed, learned, asdict(report))


def sibling_evidence(batch: Clusters, model: NgramModel, settings: SpinSettings) -> SiblingEvidence:
    """The evidence that copies among some whole clusters give of each other's words.

    `model` chooses between two readings.  The scores of the batch are the beliefs in each document.
    """
    pairs = chosen_pairs(batch.pairs, batch.scores) if "siblings" in settings.evidence else []
    pairs = [pair for pair in pairs if siblings.is_needed(pair, batch.scores)]
    split = {i: words_of(batch.texts[i]) for i in sorted({i for pair in pairs for i in pair})}
    comparisons = compare_words(split, pairs, model)
    believed = batch.scores
    flags = siblings.flags(split, comparisons, believed)
    confirmed = siblings.confirmed(split, comparisons, believed)
    held, clusters, tokens = context.suspects(batch.texts, believed, batch.groups)
    use = count_use(tokens, context.array(held), clusters)
    taught = lessons.count(split, flags, confirmed)
    same = exact_groups(list(batch.texts), batch.pairs)
    beside = {
        same[i] for pair in batch.pairs if pair.relation != "exact" for i in (pair.id_a, pair.id_b)
    }
    judged = frozenset(i for i in batch.texts if same[i] in beside)
    return SiblingEvidence(judged, flags, confirmed, taught, use)


def search(
    batch: Clusters,
    beside: SiblingEvidence,
    wanted: Collection[str],
    knowledge: Knowledge,
    settings: SpinSettings,
) -> Found:
    """Search the suspect texts among some whole clusters for words that were substituted.

    Only the `wanted` ids are searched; the others are what these are seen against.  `beside` is the
    evidence of siblings in the same batch, without lessons and word use; the belief in a document
    that has siblings is not corrected by how its words fit.
    """
    flags: list[Flag] = []
    words: dict[str, dict[int, float]] | None = None
    final = dict(batch.scores)
    if "context" in settings.evidence:
        examined = context.examine(
            batch.texts, batch.scores, knowledge.model, batch.groups, knowledge.use, wanted
        )
        flags, words = examined.flags, examined.words
        alone = examined.scores.keys() - beside.siblings
        judged = {batch.texts[i]: examined.scores[i] for i in alone}  # equal texts have one belief
        final.update({i: judged[text] for i, text in batch.texts.items() if text in judged})
    if "lexicon" in settings.evidence:
        split = {i: words_of(batch.texts[i]) for i in known.searched(final) if i in wanted}
        wordings = sibling_wordings(split, beside)
        answer = known.flags(split, knowledge.table, final, knowledge.model, words, wordings)
        flags = [f for f in flags if f.start not in answer.judged.get(f.id, ())] + answer.flags
    return Found([flag for flag in flags if final[flag.id] >= SPUN], final)


def sibling_wordings(
    documents: Mapping[str, Words], beside: SiblingEvidence
) -> dict[str, SiblingWordings]:
    """What siblings show of each of some documents, which are given by their words."""
    wordings = {i: SiblingWordings() for i in documents}
    for flag in beside.flags:
        if flag.id in wordings and flag.confidence >= lessons.SURE:
            wordings[flag.id].swapped[flag.text.lower(), flag.suggestion.lower()] += 1
    for i, starts in beside.confirmed.items():
        if i in wordings:
            words = documents[i]
            wordings[i].kept.update(
                word for at, word in zip(words.start, words.lower, strict=True) if at in starts
            )
    return wordings


def _lighter(part: SiblingEvidence) -> SiblingEvidence:
    """Without what a search does not need, on the way to another process."""
    return replace(part, lessons=Lessons(), use=WordUse.merge([]))


def _listed(compiled: phrases.Phrases, batch: Clusters) -> list[Flag]:
    return phrases.flags(batch.texts, compiled)


def _sibling_evidence(folder: Path, settings: SpinSettings, batch: Clusters) -> SiblingEvidence:
    return sibling_evidence(batch, load_model(folder), settings)


def _search(
    folder: Path, settings: SpinSettings, work: tuple[Clusters, SiblingEvidence, frozenset[str]]
) -> Found:
    return search(*work, _load_knowledge(folder), settings)


@lru_cache(maxsize=1)
def _load_knowledge(folder: Path) -> Knowledge:
    table = lexicon.read(folder / _LEXICON).by_spun()
    return Knowledge(load_model(folder), table, WordUse.load(folder))


def no_flags(corpus: Corpus) -> Flagged:
    """What a run without flags has found."""
    return Flagged({}, corpus.scores, lexicon.Lexicon(), NOT_ASKED)


def by_document(flags: Iterable[Flag]) -> dict[str, list[Flag]]:
    """The flags of each document that has some, in the order given."""
    result: dict[str, list[Flag]] = defaultdict(list)
    for flag in flags:
        result[flag.id].append(flag)
    return dict(result)
