"""scrub from Python: `run`, `clean`, `check`, `compare` and others, on and to pandas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, overload

from scrub.document import Document, Flag
from scrub.progress import OnProgress, bars

if TYPE_CHECKING:
    import pandas as pd

    from scrub.clean.text import Cleaned
    from scrub.comparing import Comparison
    from scrub.config import Settings
    from scrub.frames import ArrowStream, Rows


@dataclass(slots=True, frozen=True)
class RunResult:
    """What a run wrote, as new DataFrames with the columns of the files, and `run.json` as a dict.

    documents  one row per document read: id, text, source, added, created, metadata
    dedup      one row per document read, as in dedup.csv
    pairs      one row per verified pair, as in pairs.csv
    flags      one row per flagged span, as in flags.csv
    manifest   what run.json records
    sources    one row per document read, as in sources.csv: outlet, time, address, title, story
    """

    documents: pd.DataFrame
    dedup: pd.DataFrame
    pairs: pd.DataFrame
    flags: pd.DataFrame
    manifest: Mapping[str, Any]
    sources: pd.DataFrame


def run(
    inputs: str | Path | Sequence[str | Path] | pd.DataFrame | ArrowStream,
    out: str | Path = "out",
    *,
    config: str | Path | None = None,
    flag: bool = True,
    cache: str | Path | None = None,
    against: str | Path | Sequence[str | Path] = (),
    fresh: bool = False,
    on_progress: OnProgress | bool = False,
    **settings: Any,  # noqa: ANN401 - any setting's value
) -> RunResult:
    """Run the whole pipeline, write its files into `out` and return them as DataFrames.

    `inputs` are folders, files and addresses (`https://`, `s3://`, `hf://`), or a table that
    `find_duplicates` takes, but for a list: its rows are then `table.jsonl#1` and so on;
    `settings` are given as `section__key=value`, e.g. `languagetool__scope="off"`; `flag=False` is
    `scrub dedup`, and `cache`, `against` and `fresh` are the options of that name.
    `on_progress(stage, done, total)` is called from time to time; True shows bars, in a notebook,
    too.  Raises the errors of `scrub.errors`.
    """
    from scrub.address import Address, place
    from scrub.errors import ConfigError
    from scrub.pipeline import run as run_pipeline
    from scrub.remote import brought

    folder = place(out)
    earlier = [Path(p) for p in ([against] if isinstance(against, (str, Path)) else against)]
    if isinstance(folder, Address):
        raise ConfigError(f"{out}: what lies there is not brought here; call scrub.pipeline.run")
    with TemporaryDirectory(prefix="scrub-") as kept, bars(on_progress) as report:
        if isinstance(inputs, (str, Path)):
            inputs = [inputs]
        elif not isinstance(inputs, Sequence):
            inputs = [_as_file(inputs, Path(kept))]
        chosen = _settings(config, settings)
        if chosen.engine.name == "local":  # Spark opens addresses itself
            inputs = brought(inputs, Path(kept))
        manifest = run_pipeline(
            list(map(place, inputs)), folder, chosen, flag=flag, fresh=fresh, on_progress=report,
            cache=Path(cache) if cache else None, against=earlier,
        )  # fmt: skip
    return load(folder, manifest)


def _as_file(table: Any, folder: Path) -> Path:  # noqa: ANN401 - any table
    """A table as JSON Lines."""
    from scrub.frames import to_pandas

    path = folder / "table.jsonl"
    to_pandas(table).to_json(path, orient="records", lines=True, date_format="iso")
    return path


def load(out: str | Path, manifest: Mapping[str, Any] | None = None) -> RunResult:
    """The result of a finished run, read back from its folder.

    Raises OutputError where there is none, or a file of it was changed since.
    """
    import pandas as pd

    from scrub.table import load_table
    from scrub.write import tables
    from scrub.write.corpus import PARQUET, document_record
    from scrub.write.load import load_documents, load_record

    folder = Path(out)
    names = ("dedup.csv", "pairs.csv", "sources.csv", "flags.csv", "documents.jsonl")
    record = load_record(folder, *names) if manifest is None else manifest

    def frame(name: str, columns: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
        table = pd.DataFrame(load_table(folder / name), columns=list(columns))
        for column in numbers:
            table[column] = pd.to_numeric(table[column])
        return table

    numbers = "cluster_size jaccard containment shared_sentences spin_score flags words"
    dedup = frame("dedup.csv", tables.DEDUP, numbers.split())
    dedup["kept"] = dedup["kept"] == "true"
    records = [document_record(document) for document in load_documents(folder)]
    documents = pd.DataFrame(records, columns=list(PARQUET))
    pairs = frame(
        "pairs.csv", tables.PAIRS, ("jaccard", "containment_a", "containment_b", "shared_sentences")
    )
    flags = frame(
        "flags.csv", tables.FLAGS, ("start", "end", "source_start", "source_end", "confidence")
    )
    sources = frame("sources.csv", tables.SOURCES, ())
    sources["new_in_this_run"] = sources["new_in_this_run"] == "true"
    return RunResult(documents, dedup, pairs, flags, record, sources)


def clean(text: str, *, config: str | Path | None = None, **settings: Any) -> Cleaned:  # noqa: ANN401
    """Clean one text; the result has `text`, `changes` and what was learned in `metadata`.

    >>> clean("Prices&nbsp;rose.\\r\\n\\r\\n\\r\\n\\r\\nAnalysts agreed.").text
    'Prices rose.\\n\\nAnalysts agreed.'
    """
    from scrub.clean.text import clean_text

    return clean_text(text, _settings(config, settings).clean)


def check(text: str, *, config: str | Path | None = None, **settings: Any) -> list[Flag]:  # noqa: ANN401
    """The spin flags of one text, by itself: `start` and `end` count its code points as cleaned."""
    from scrub.pipeline import analyse
    from scrub.read.encoding import sound

    analysis = analyse([Document("text", sound(text))], _settings(config, settings))
    return analysis.flagged.flags.get("text", [])


def compare(a: str, b: str, *, config: str | Path | None = None, **settings: Any) -> Comparison:  # noqa: ANN401
    """Whether one of two texts is a copy of the other, with a verdict in a sentence."""
    from scrub.comparing import compare_documents
    from scrub.read.encoding import sound

    return compare_documents(
        Document("a", sound(a)), Document("b", sound(b)), _settings(config, settings)
    )


def copies(out: str | Path, *, against: Sequence[str | Path] = ()) -> pd.DataFrame:
    """Who copied whom in a finished run: a row for each copy, as `scrub copies` prints them.

    `against` are earlier results that it was compared with.  Raises OutputError where there is no
    finished run.
    """
    import pandas as pd

    from scrub.provenance import COPIES, provenance

    found = provenance(Path(out), [Path(folder) for folder in against]).copies
    return pd.DataFrame([copy.row() for copy in found], columns=list(COPIES))


@overload
def find_duplicates(
    df: list[str],
    *,
    text: str = "text",
    id: str = "id",
    config: str | Path | None = None,
    **settings: Any,  # noqa: ANN401
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]: ...
@overload
def find_duplicates(
    df: Rows,
    *,
    text: str = "text",
    id: str = "id",
    config: str | Path | None = None,
    **settings: Any,  # noqa: ANN401
) -> tuple[Rows, Rows]: ...
def find_duplicates(
    df: Any,
    *,
    text: str = "text",
    id: str = "id",
    config: str | Path | None = None,
    **settings: Any,
) -> tuple[Any, Any]:
    """The copies in a table: verified pairs, and what becomes of each row.

    `df` is a DataFrame of pandas or Polars, a table of Arrow, a relation of DuckDB, a
    `datasets.Dataset`, or a list of texts or of records; it is not changed, and two of its kind
    come back.  `pairs` has the columns of pairs.csv; `clusters` one row for each of `df`, in its
    order and with its index: `id`, `cluster_id`, `keep`, `kept_id`, `relation`, `spun` as in
    dedup.csv, and `spun_score`.  Ids are those of `df`, of any type; in a list without any they are
    places.  A missing text counts as an empty one; texts are compared as they are.  Raises KeyError
    where a column is missing and ValueError where an id is missing or, as text, given twice.
    """
    from scrub.frames import find_duplicates as find

    return find(df, text=text, id=id, settings=_settings(config, settings))


def _settings(config: str | Path | None, overrides: Mapping[str, Any]) -> Settings:
    from scrub.config import load as load_settings

    named = {name.replace("__", ".", 1): value for name, value in overrides.items()}
    return load_settings(Path(config) if config else None, named, given_as="argument ")[0]
