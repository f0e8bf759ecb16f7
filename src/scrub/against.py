"""New documents compared with an earlier result: `--against`.

What an earlier run prepared lies in its cache, and an index beside it says which rows its result
is made of; so its inputs may be gone.  New and old are matched together, as in one run over
everything, and of what is found stays what concerns the new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, compress, islice
from math import inf
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.archive import earlier_rows, names_of
from scrub.clean.repeated import RepeatedLines
from scrub.config import KeepSettings, Settings
from scrub.corpus import Corpus
from scrub.document import Pair
from scrub.errors import InputError
from scrub.match.keep import WHOLE, Rule, Verdict, keep, neighbours_of, settled
from scrub.match.looks import Looks
from scrub.match.pairs import Copies
from scrub.renewal import renew
from scrub.sources import Origin, Story, same_address, until
from scrub.store.arrays import ArrayFile, DamagedError, write_file
from scrub.store.index import INDEX, check_index
from scrub.store.store import Store
from scrub.store.stored import Stored, corpus_in, stored

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from scrub.engine.local import LocalEngine

# Shares of a text by which two copies have about as much of it; set by hand, a tenth is less than
# what separates a copy from an excerpt.
_ABOUT = 0.1


class Earlier(NamedTuple):
    """The N documents of earlier results in the store, each once, their ids, and which were kept.

    `repeated` are the lines that were boilerplate there, `looks` what the search for copies found,
    also of documents beyond these, the keys of which are `others` (K, 2);
    `homes` (N,) says in which of `folders`, the oldest first, each document is.
    """

    documents: Stored
    ids: list[str]
    kept: NDArray[np.bool_]
    repeated: RepeatedLines
    looks: Looks
    homes: NDArray[np.int64]
    folders: Sequence[Path]
    others: NDArray[np.uint64]


def open_all(
    folders: Sequence[Path], settings: Settings, store: Store, engine: LocalEngine
) -> Earlier:
    """The results in `folders`, the oldest first, as one; see `open_earlier`.

    A document that several have is that of the oldest.
    """
    parts = [open_earlier(folder, settings, store, engine) for folder in folders]
    shard, row = (
        np.concatenate([getattr(part.documents, name) for part in parts])
        for name in ("shard", "row")
    )
    keys = np.concatenate([part.documents.keys() for part in parts])
    homes = np.repeat(np.arange(len(parts)), [len(part.ids) for part in parts])
    order = np.lexsort((homes, keys[:, 1], keys[:, 0]))
    mask = np.ones(len(keys), np.bool_)
    mask[order[1:]] = (keys[order[1:]] != keys[order[:-1]]).any(axis=1)
    position = np.where(mask, np.cumsum(mask) - 1, -1)

    def found(others: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Where documents of these keys are; -1: nowhere."""
        place = order[np.searchsorted(keys[order, 0], others[:, 0]).clip(max=len(order) - 1)]
        return np.where((keys[place] == others).all(axis=1), position[place], -1)

    starts = np.cumsum([0, *(len(part.ids) for part in parts)])
    moved = [
        part.looks.moved(np.append(position[start : start + len(part.ids)], found(part.others)))
        for part, start in zip(parts, starts, strict=False)
    ]
    ids = list(compress((i for part in parts for i in part.ids), mask.tolist()))
    return Earlier(
        Stored(store, shard[mask], row[mask], [""] * int(mask.sum())),
        ids,
        np.concatenate([part.kept for part in parts])[mask],
        reduce(or_, (part.repeated for part in parts)),
        Looks(*(np.concatenate(arrays) for arrays in zip(*moved, strict=True))),
        homes[mask],
        folders,
        np.zeros((0, 2), np.uint64),
    )


def open_earlier(out: Path, settings: Settings, store: Store, engine: LocalEngine) -> Earlier:
    """The result in `out`, its shards put at the disposal of `store`.

    One that another version or other settings made is prepared again first.  Raises InputError
    where there is none.
    """
    path = out if out.is_file() else out / ".cache" / INDEX
    try:
        file = ArrayFile(path)
        check_index(file)
    except (OSError, DamagedError) as error:
        if not (out / "run.json").is_file():
            reason = "damaged" if isinstance(error, DamagedError) else error.strerror
            raise InputError(
                f"--against {out}: {path}: {reason}; name the folder of an earlier result"
            ) from None
        file = None
    repeated = RepeatedLines()
    place = "."
    if file is not None:
        repeated = RepeatedLines(file["within"], file["anywhere"])
        place = file["place"].tobytes().decode("utf-8", "surrogateescape")
    try:
        own = Store(path.parent / place, settings)
    except (OSError, ValueError) as error:  # a name that no folder can have
        raise InputError(f"--against {out}: {path} names no cache: {error}") from None
    if file is None or (own.rows(file["keys"], repeated)[0] < 0).any():
        if out.is_file():
            raise InputError(
                f"--against {out}: what it prepared is gone, or was made by another version or "
                "with other settings; name the folder of its result"
            )
        own, place = Store(path.parent, settings), "."  # never to where a stranger's index says
        arrays = renew(out, own.place, settings, repeated, engine)
        arrays["place"] = np.frombuffer(place.encode("utf-8", "surrogateescape"), np.uint8)
        file = ArrayFile(write_file(path.parent, INDEX, arrays))
        own.look()
    store.borrow(own)
    shard, row = store.rows(file["keys"], repeated)
    documents = Stored(store, shard, row, [""] * len(row))
    ids = [head.id for head in documents.heads()]
    kept = file["kept"].astype(np.bool_)
    looks = Looks(*(file[name] for name in Looks._fields))
    homes = np.zeros(len(ids), np.int64)
    others = file["others"].astype(np.uint64)
    return Earlier(documents, ids, kept, repeated, looks, homes, [out], others)


class Whole(NamedTuple):
    """New documents, then old ones, and what is known of these.

    `places` (N,) are those of the old ones among the documents of `Earlier`, `again` the places of
    new ones that are there, too, and are meant in the first place.
    """

    corpus: Corpus
    looks: Looks
    places: NDArray[np.int64]
    again: dict[str, int]

    def kept(self, earlier: Earlier) -> NDArray[np.bool_]:
        """The old documents that were kept."""
        new = np.zeros(len(self.corpus.ids) - len(self.places), np.bool_)
        return np.append(new, earlier.kept[self.places])


def joined(corpus: Corpus, earlier: Earlier) -> Whole:
    """New and old documents together.

    An old one whose id is another document's, too, is named by its result and its id.
    """
    new, old = stored(corpus), earlier.documents
    own = {key.tobytes(): i for i, key in zip(corpus.ids, new.keys(), strict=True)}
    keys = old.keys()
    alike = np.isin(keys[:, 0], new.keys()[:, 0]).nonzero()[0].tolist()
    again = {own[key]: place for place in alike if (key := keys[place].tobytes()) in own}
    other = np.ones(len(keys), np.bool_)
    other[list(again.values())] = False
    places = other.nonzero()[0]
    documents = Stored(
        new.store,
        np.append(new.shard, old.shard[other]),
        np.append(new.row, old.row[other]),
        [*new.paths, *compress(old.paths, other.tolist())],
    )
    ids = [*corpus.ids, *compress(earlier.ids, other.tolist())]
    often = {i for i, number in Counter(ids).items() if number > 1}
    names = names_of(earlier.folders)
    for at, place in enumerate(places.tolist(), len(corpus.ids)) if often else ():
        if ids[at] in often:
            ids[at] = f"{names[earlier.homes[place]]}/{ids[at]}"
            new.store.renamed[int(documents.shard[at]), int(documents.row[at])] = ids[at]
    whole = corpus_in(documents, ids)
    if len(whole.scores) < len(ids):
        raise InputError("two documents of the earlier results have one id, and no name of its own")
    position = np.where(other, len(corpus.ids) + np.cumsum(other) - 1, -1)
    return Whole(whole, earlier.looks.moved(position), places, again)


def concerning(
    corpus: Corpus, whole: Corpus, copies: Copies
) -> tuple[Corpus, Copies, NDArray[np.uint64]]:
    """The documents of `corpus` with those of their words or in pairs, and what was found of them.

    Looks are at two documents of which one is of `corpus`; beyond its documents are the old ones
    whose keys come back, too.
    """
    named = {i for pair in copies.pairs for i in (pair.id_a, pair.id_b)} | corpus.scores.keys()
    digests, count = whole.features.digests, len(corpus.ids)
    same = np.isin(digests, digests[:count]) & (digests != 0)
    mask = same | [i in named for i in whole.scores]
    chosen, every = np.flatnonzero(mask), stored(whole)
    ids = list(compress(whole.scores, mask.tolist()))
    part = corpus_in(every.of(chosen), ids, whole.features.of(chosen))
    looks = copies.looks
    looks = looks.where(np.minimum(looks.first, looks.second) < count)
    beyond = np.unique(np.concatenate([looks.first, looks.second]))
    beyond = beyond[beyond >= count]
    position = np.arange(len(whole.scores))
    position[beyond] = count + np.arange(len(beyond))
    clusters = {i: copies.clusters[i] for i in part.scores}
    copies = copies._replace(clusters=clusters, looks=looks.moved(position))
    return part, copies, every.of(beyond).keys()


class EarlierDecisions(NamedTuple):
    """What earlier results say of some of their documents, by the ids of `joined`.

    `rows` and `origins` as `EarlierRows` has them, `order` the place of each one's result,
    `stands` the document that was kept for it.
    """

    rows: dict[str, dict[str, str]]
    origins: dict[str, Origin]
    order: dict[str, int]
    stands: dict[str, str]

    def is_kept(self, i: str) -> bool:
        """Whether a document is in the corpus of its result."""
        return i in self.rows and self.rows[i]["kept"] == "true"

    def age(self, i: str) -> tuple[datetime, int, str]:
        """Orders documents, the oldest first."""
        time = self.origins[i].time if i in self.origins else ""
        return until(time), self.order.get(i, 0), i


def decided_earlier(earlier: Earlier, whole: Whole, part: Corpus) -> EarlierDecisions:
    """What is said of the old documents of `part`, and of the new ones that are old, too."""
    wanted: dict[int, dict[str, str]] = defaultdict(dict)
    homes = earlier.homes
    first = len(whole.corpus.ids) - len(whole.places)
    old = zip(islice(whole.corpus.scores, first, None), whole.places.tolist(), strict=True)
    for i, place in chain(
        ((i, place) for i, place in old if i in part.scores), whole.again.items()
    ):
        wanted[int(homes[place])][earlier.ids[place]] = i
    found = EarlierDecisions({}, {}, {}, {})
    for home, names in wanted.items():
        rows, origins = earlier_rows(earlier.folders[home], names)
        found.rows.update(rows)
        found.origins.update(origins)
        found.order.update(dict.fromkeys(rows, home))
    # What was kept for them, by the name that it has here.
    theirs = {i: (found.order[i], row["kept_id"]) for i, row in found.rows.items()}
    originals, ids = {*theirs.values()}, islice(whole.corpus.scores, first, None)
    here = {
        home_id: i
        for i, place in zip(ids, whole.places.tolist(), strict=True)
        if (home_id := (int(homes[place]), earlier.ids[place])) in originals
    }
    found.stands.update({i: here[at] for i, at in theirs.items() if at in here})
    return found


def keep_new(
    corpus: Corpus,
    pairs: Sequence[Pair],
    clusters: Mapping[str, str],
    spun: Mapping[str, bool],
    worth: Mapping[str, float],
    settings: KeepSettings,
    old: EarlierDecisions,
    known: Corpus,
) -> dict[str, Verdict]:
    """Decide for every new document: a copy of an old one, or kept or not among the new.

    `corpus` are the new documents, `known` they and the old ones, `pairs` those of them, `old` is
    said of the others.  Of those that were kept the oldest counts of those that have about as much
    of the new one as any.  What was dropped stands for a new one only where that is wholly in it,
    and names what was kept for it.  The old results stand, whatever the policy.  A new document is
    no copy of an old one that is a part of it, nor, where the fullest copy stays, of one that it
    beats by `settings.margin`: it is kept beside that.
    """
    margin = settings.margin if settings.policy in ("best", "longest") else inf
    canonical, same = _same_texts(corpus, known)
    neighbours = neighbours_of(pairs, canonical)
    goes = Rule(settings, known, corpus.several())
    verdicts: dict[str, Verdict] = {}
    for i in corpus.ids:
        own = canonical[i]
        found = [Pair(i, one, "exact", "no", 1.0, 1.0, 1.0, 0, "") for one in same[own]]
        found += [
            replace(pair, id_a=i, id_b=one)
            for other, pair in neighbours[own].items()
            for one in same[other]
        ]
        found = [
            pair
            for pair in found
            if goes(i, pair.id_b, pair)
            and (pair.relation != "excerpt" or pair.containment_a >= pair.containment_b)
            and worth[i] <= (1 + margin) * worth[pair.id_b]
        ]
        kept = [p for p in found if old.is_kept(p.id_b)]
        if found := kept or [p for p in found if p.containment_a >= WHOLE]:
            least = max(pair.containment_a for pair in found) - _ABOUT
            best = min(
                (p for p in found if p.containment_a >= least), key=lambda p: old.age(p.id_b)
            )
            verdict = Verdict(i, clusters[i], best.id_b, best.relation, best.spun, best)
            if not kept and (row := old.rows.get(best.id_b)):
                verdict = replace(verdict, kept_id=old.stands.get(best.id_b, row["kept_id"]))
                if best.relation == "exact":
                    verdict = replace(verdict, relation=row["relation"])  # type: ignore[arg-type]
            verdicts[i] = settled(verdict, spun=spun.get(i, False))
    among = [p for p in pairs if not {p.id_a, p.id_b} & verdicts.keys()]
    among = [p for p in among if p.id_a in corpus.scores and p.id_b in corpus.scores]
    return {**keep(corpus, among, clusters, spun, worth, settings), **verdicts}


def _same_texts(corpus: Corpus, known: Corpus) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The group of identical texts of each known document, and the old documents of each group."""
    first: dict[int, str] = {}
    digests = zip(known.ids, known.features.digests.tolist(), strict=True)
    canonical = {i: first.setdefault(digest, i) if digest else i for i, digest in digests}
    same: dict[str, list[str]] = defaultdict(list)
    for i in sorted(known.scores.keys() - corpus.scores.keys()):
        same[canonical[i]].append(i)
    return canonical, same


def stories_of(
    corpus: Corpus,
    known: Corpus,
    clusters: Mapping[str, str],
    old: EarlierDecisions,
    earlier: Earlier,
    again: Mapping[str, int],
) -> dict[str, Story]:
    """The stories of new documents: the oldest that their cluster has, else a new one.

    A story that begins has the id of its cluster, with a digest where an earlier one has that.
    """
    documents, names = stored(corpus), names_of(earlier.folders)
    canonical, same = _same_texts(corpus, known)
    oldest: dict[str, tuple[int, datetime, str]] = {}  # the oldest story of each cluster
    for i, row in old.rows.items():
        one = (old.order[i], old.age(i)[0], row["story_id"])
        oldest[clusters[i]] = min(oldest.get(clusters[i], one), one)
    taken = {*earlier.ids}
    digests = dict(zip(corpus.ids, documents.keys()[:, 0].tolist(), strict=True))
    found: dict[str, Story] = {}
    for i, origin in zip(corpus.ids, documents.origins(), strict=True):
        cluster = clusters[i]
        story = oldest[cluster][2] if cluster in oldest else cluster
        if cluster not in oldest and cluster in taken:
            story = f"{cluster}~{digests[cluster]:016x}"
        had = [earlier.homes[again[i]]] if i in again else []
        had += [
            old.order[one]
            for one in same[canonical[i]]
            if one in old.rows and same_address(origin.url, old.origins[one].url)
        ]
        found[i] = Story(story, names[min(had)] if had else "")
    return found
