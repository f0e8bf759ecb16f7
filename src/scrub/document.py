"""The record types that pass between the stages: Document, Change, Pair, Flag, Rejection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Relation = Literal[
    "unique", "kept", "exact", "near", "excerpt", "rewrite", "summary", "translation"
]
# Relations of documents that are kept: neither is a copy.
REWRITES: tuple[Relation, ...] = ("rewrite", "summary", "translation")
Spun = Literal["no", "this", "other", "both"]
# In `metadata`: how many articles a text may hold that could not be parted.
SEVERAL = "may_hold_articles"
FlagKind = Literal["wording", "determiner", "number", "grammar", "phrase"]


@dataclass(slots=True)
class Document:
    """One article, from the reader to the corpus.

    `id` is unique in a run; `path` is where it was read, relative to the input;
    `source` names the site or collection; `added` and `created` are ISO 8601 dates or empty;
    `text` is the decoded text until the clean stage, the cleaned text after it.
    """

    id: str
    text: str
    path: str = ""
    source: str = ""
    added: str = ""
    created: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Rejection:
    """An input that could not become a document: a stable `reason` word and a readable detail."""

    id: str
    path: str
    reason: str
    detail: str


@dataclass(slots=True, frozen=True)
class Change:
    """One edit of a text.

    `start` and `end` count code points of the text as the changes before this one left it, so
    that a log is replayed in order: `text[:start] + after + text[end:]`.  `before` is what stood
    there, which makes the log reversible.
    """

    stage: str
    rule: str
    start: int
    end: int
    before: str
    after: str


@dataclass(slots=True, frozen=True)
class Pair:
    """Two documents that were verified to share text; `id_a < id_b`.

    `containment_a` is the share of A's words in sentences that B has too, in [0, 1]; `reworded` is
    the share of the content words in those sentences that the two have otherwise; `account` what
    each term of the evidence gives, as `coverage=0.93 frame=0.88 ...`, but those that give nothing.
    `lead_a` counts A's words of prose before the first such sentence, where B begins otherwise too;
    `varied_a` is the share of its words in such sentences that name others or say much else.
    """

    id_a: str
    id_b: str
    relation: Relation
    spun: Spun
    jaccard: float
    containment_a: float
    containment_b: float
    shared_sentences: int
    evidence: str
    reworded: float = 0.0
    account: str = ""
    lead_a: int = 0
    lead_b: int = 0
    varied_a: float = 0.0
    varied_b: float = 0.0


@dataclass(slots=True, frozen=True)
class NearMiss:
    """Two documents that were compared and just not linked; `id_a < id_b`.

    `containment` is the share of the shorter one's words in sentences that the other has too;
    `missing` is what the sum of the evidence lacks to what links.
    """

    id_a: str
    id_b: str
    containment: float
    missing: float


@dataclass(slots=True)
class Flag:
    """A span of a cleaned text that a machine probably substituted, with what it should be.

    `start` and `end` count code points of the cleaned text; `source` is `sibling:ID`, `lexicon`,
    `languagetool:RULE`, `context` or `phrases`; `confidence` is in [0, 1].  `decision` is empty
    until a person writes `accept`, `reject` or another wording.
    """

    id: str
    start: int
    end: int
    text: str
    suggestion: str
    kind: FlagKind
    source: str
    confidence: float
    context: str = ""
    decision: str = ""


@dataclass(slots=True)
class LanguageToolReport:
    """What LanguageTool did in a run, for `run.json`.

    `outcome` is `done`, `off` (not wanted), `skipped: WHY` (nothing was checked) or `partial: WHY`
    (`unchecked` of the sentences have no answer).  `sentences` counts different ones, `cached`
    those whose answer was known, `requests` the texts sent, `restarts` how often the server had
    to be started again.
    """

    outcome: str = "off"
    version: str = ""
    sentences: int = 0
    cached: int = 0
    unchecked: int = 0
    requests: int = 0
    restarts: int = 0
    seconds: float = 0.0
    cache: str = ""
