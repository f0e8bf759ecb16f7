"""An earlier result prepared again, as another version made it, or its cache is gone.

What a result says stands in its tables; what comparing needs is made of its `documents.jsonl`, the
texts of which are clean already, and kept where the result keeps it, so that it is made once.
"""

from __future__ import annotations

import logging
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scrub.batches import prepare_to_keep
from scrub.match.looks import NOTHING
from scrub.store.raw import pack_raw
from scrub.store.store import write_shard
from scrub.table import load_table
from scrub.write.load import load_documents, load_record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.clean.repeated import RepeatedLines
    from scrub.config import Settings
    from scrub.document import Document
    from scrub.engine.local import LocalEngine
    from scrub.store.arrays import Arrays

_TOGETHER = 500  # documents, a megabyte or two of text, that a worker prepares at once
_log = logging.getLogger(__name__)


def renew(
    out: Path, place: Path, settings: Settings, repeated: RepeatedLines, engine: LocalEngine
) -> Arrays:
    """Prepare the documents of the result in `out` into shards in `place`; the arrays of its index.

    `repeated` are the lines that were boilerplate in it.  Raises OutputError where its files are
    not as its run left them.
    """
    load_record(out, "documents.jsonl", "dedup.csv")
    documents = load_documents(out)
    parts = iter(lambda: list(islice(documents, _TOGETHER)), [])
    work = partial(_prepare, settings, place, repeated)
    keys = np.concatenate([np.zeros((0, 2), np.uint64), *engine.map(work, parts)])
    _log.warning(
        "scrub: --against %s: another version or other settings made it, or its cache is gone; its "
        "%s documents were prepared again",
        out, f"{len(keys):,}",
    )  # fmt: skip
    kept = [row["kept"] == "true" for row in load_table(out / "dedup.csv")]
    return {
        **NOTHING._asdict(), "keys": keys, "others": keys[:0], "within": repeated.within,
        "anywhere": repeated.anywhere, "kept": np.array(kept, np.uint8),
    }  # fmt: skip


def _prepare(
    settings: Settings, place: Path, repeated: RepeatedLines, documents: list[Document]
) -> NDArray[np.uint64]:
    """Keep some documents; returns their keys."""
    keys = pack_raw(documents)["keys"]
    write_shard(place, prepare_to_keep(settings, repeated, documents, keys))
    return keys
