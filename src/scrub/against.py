"""New documents compared with an earlier result: `--against`.

What an earlier run prepared lies in its cache, and an index beside it says which rows its result
is made of; so its inputs may be gone.  New and old are matched together, as in one run over
everything, and of what is found stays what concerns the new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from scrub.clean.repeated import RepeatedLines
from scrub.config import KeepSettings, Settings
from scrub.corpus import Analysis, Corpus
from scrub.document import Pair
from scrub.errors import InputError
from scrub.match.keep import Rule, Verdict, exact_groups, keep, neighbours_of, settled
from scrub.match.looks import Looks
from scrub.match.pairs import Copies
from scrub.store.arrays import ArrayFile, Arrays, DamagedError, write_file
from scrub.store.filling import corpus_of
from scrub.store.store import Store
from scrub.store.stored import ChangesById, Stored, stored

INDEX = "index"
_KINDS = {
    "first": np.int64, "second": np.int64, "found": np.uint8, "keys": np.uint64,
    "within": np.uint64, "anywhere": np.uint64, "kept": np.uint8, "place": np.uint8,
}  # fmt: skip


class Earlier(NamedTuple):
    """The documents of an earlier result in the store, their ids and of those that it kept, the
    lines that were boilerplate there, and what the search for copies found."""

    documents: Stored
    ids: list[str]
    kept: frozenset[str]
    repeated: RepeatedLines
    looks: Looks


def write_index(folder: Path, analysis: Analysis, repeated: RepeatedLines) -> None:
    """Note in `folder` (OUT/.cache) of which rows of which cache the result in OUT is made."""
    documents = stored(analysis.corpus)
    kept = np.array([analysis.verdicts[i].kept for i in analysis.corpus.ids], np.uint8)
    place = str(documents.store.folder.absolute()).encode("utf-8", "surrogateescape")
    if documents.store.folder == folder:
        place = b"."  # so that OUT can be moved
    arrays: Arrays = {
        **analysis.looks._asdict(),
        "keys": documents.keys(), "within": repeated.within, "anywhere": repeated.anywhere,
        "kept": kept, "place": np.frombuffer(place, np.uint8),
    }  # fmt: skip
    write_file(folder, INDEX, arrays)


def open_earlier(out: Path, settings: Settings, store: Store) -> Earlier:
    """The result in `out`, its shards put at the disposal of `store`.

    Raises InputError where there is none that this version made with these settings.
    """
    path = out if out.is_file() else out / ".cache" / INDEX
    try:
        file = ArrayFile(path)
        _check(file)
    except (OSError, DamagedError) as error:
        reason = "damaged" if isinstance(error, DamagedError) else error.strerror
        raise InputError(
            f"--against {out}: {path}: {reason}; name the folder of an earlier result, its .cache "
            "included, or make it again"
        ) from None
    place = file["place"].tobytes().decode("utf-8", "surrogateescape")
    try:
        store.borrow(Store(path.parent / place, settings))
    except (OSError, ValueError) as error:  # a name that no folder can have
        raise InputError(f"--against {out}: {path} names no cache: {error}") from None
    repeated = RepeatedLines(file["within"], file["anywhere"])  # type: ignore[arg-type]
    shard, row = store.rows(file["keys"], repeated)  # type: ignore[arg-type]
    if (shard < 0).any():
        raise InputError(
            f"--against {out}: what it prepared is gone, or was made by another version or with "
            f"other settings; run its inputs again into {out}"
        )
    documents = Stored(store, shard, row, [""] * len(row))
    ids = [head.id for head in documents.heads()]
    kept = frozenset(compress(ids, file["kept"].tolist()))
    looks = Looks(*(file[name] for name in Looks._fields))  # type: ignore[arg-type]
    return Earlier(documents, ids, kept, repeated, looks)


def _check(file: ArrayFile) -> None:
    """Raise DamagedError where an index is not what `write_index` makes."""
    layout = file.layout()
    shapes = {name: shape for name, (_, shape) in layout.items()}
    kinds = {name: kind for name, (kind, _) in layout.items()}
    documents, looks = shapes.get("keys", ())[:1], shapes.get("first")
    if (
        kinds != {name: np.dtype(kind) for name, kind in _KINDS.items()}
        or shapes["keys"] != (*documents, 2)
        or shapes["kept"] != documents
        or not looks == shapes["second"] == shapes["found"]
        or any(len(shapes[name]) != 1 for name in ("first", "within", "anywhere", "place"))
    ):
        raise DamagedError(f"{file.path}: other arrays")
    for name in ("first", "second"):
        position = file[name].astype(np.int64)
        if ((position < 0) | (position >= documents[0])).any():
            raise DamagedError(f"{file.path}: {name}: beyond the documents")


def joined(corpus: Corpus, earlier: Earlier) -> tuple[Corpus, Looks]:
    """New documents, then old ones, and what is known of these.

    Of two documents with one id the new one is meant.
    """
    new, old = stored(corpus), earlier.documents
    other = np.array([i not in corpus.scores for i in earlier.ids], np.bool_)
    documents = Stored(
        new.store,
        np.append(new.shard, old.shard[other]),
        np.append(new.row, old.row[other]),
        [*new.paths, *compress(old.paths, other.tolist())],
    )
    ids = [*corpus.ids, *compress(earlier.ids, other.tolist())]
    scores = dict(zip(ids, documents.scores().tolist(), strict=True))
    whole = Corpus(documents, ChangesById(ids, documents), documents.features(), scores)
    position = np.where(other, len(corpus.ids) + np.cumsum(other) - 1, -1)
    return whole, earlier.looks.moved(position)


def concerning(corpus: Corpus, whole: Corpus, copies: Copies) -> tuple[Corpus, Copies]:
    """The documents of `corpus` with those they are paired with, and what was found of them."""
    named = {i for pair in copies.pairs for i in (pair.id_a, pair.id_b)} | corpus.scores.keys()
    chosen = np.array([i in named for i in whole.scores], np.bool_)
    documents = stored(whole)
    part = corpus_of(documents.store, documents.shard[chosen], documents.row[chosen])
    position = np.arange(len(chosen))
    looks = copies.looks.moved(np.where(position < len(corpus.ids), position, -1))
    clusters = {i: copies.clusters[i] for i in part.scores}
    return part, copies._replace(clusters=clusters, looks=looks)


def keep_new(
    corpus: Corpus,
    pairs: Sequence[Pair],
    clusters: Mapping[str, str],
    spun: Mapping[str, bool],
    worth: Mapping[str, float],
    settings: KeepSettings,
    kept: frozenset[str],
    known: Corpus,
) -> dict[str, Verdict]:
    """Decide for every new document: a copy of an old one, or kept or not among the new.

    `corpus` are the new documents, `known` they and the old ones, `pairs` those of them, `kept` the
    old ones that were kept.  Of
    several old ones the one counts that was kept and has most of the new one; the old result
    stands, whatever the policy.
    """
    canonical = exact_groups([*{*corpus.scores, *clusters}], pairs)
    neighbours = neighbours_of(pairs, canonical)
    same: dict[str, list[str]] = defaultdict(list)  # the old documents of each group of one text
    for i in sorted(clusters.keys() - corpus.scores.keys()):
        same[canonical[i]].append(i)
    goes = Rule(settings, () if settings.across else known.documents)
    verdicts: dict[str, Verdict] = {}
    for i in corpus.ids:
        own = canonical[i]
        found = [Pair(i, old, "exact", "no", 1.0, 1.0, 1.0, 0, "") for old in same[own]]
        found += [
            replace(pair, id_a=i, id_b=old)
            for other, pair in neighbours[own].items()
            for old in same[other]
        ]
        found = [pair for pair in found if goes(i, pair.id_b, pair)]
        if found:
            best = min(found, key=lambda p: (p.id_b not in kept, -p.containment_a, p.id_b))
            verdict = Verdict(i, clusters[i], best.id_b, best.relation, best.spun, best)
            verdicts[i] = settled(verdict, spun=spun.get(i, False))
    among = [p for p in pairs if not {p.id_a, p.id_b} & verdicts.keys()]
    among = [p for p in among if p.id_a in corpus.scores and p.id_b in corpus.scores]
    return {**keep(corpus, among, clusters, spun, worth, settings), **verdicts}
