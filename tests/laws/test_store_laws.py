"""Whatever a store holds from earlier runs, a run writes what it would write from nothing."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from scrub import intake
from scrub.config import load
from scrub.document import Document
from scrub.match.rewrites.terms import vocabulary
from scrub.pipeline import analyse, run
from scrub.store import reading, stamp
from scrub.store.stored import stored
from scrub.write.output import Output
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, spun

SETTINGS = load(overrides={"languagetool.scope": "off", "engine.jobs": 1}, environ={})[0]
DATA = (
    "documents.jsonl",
    "changes.jsonl",
    "corpus.jsonl",
    "dedup.csv",
    "pairs.csv",
    "rejected.csv",
)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH_CHARACTERS", 4000)


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that were prepared, not found."""
    done: list[str] = []
    prepare = intake.prepare_to_keep  # type: ignore[attr-defined]

    def noting(settings, repeated, batch, *rest):  # type: ignore[no-untyped-def]
        done.extend(document.id for document in batch)
        return prepare(settings, repeated, batch, *rest)

    monkeypatch.setattr(intake, "prepare_to_keep", noting)
    return done


def texts() -> dict[str, str]:
    known = [FERRY, MUSEUM, SCHOOL, *(filler(n) for n in range(24))]
    known += [edited(FERRY, 0.1), spun(SCHOOL, 0.3), FERRY]
    return {f"{n:02}.txt": text for n, text in enumerate(known)}


def folder(place: Path, files: dict[str, str]) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def result(
    source: Path, out: Path, settings: object = SETTINGS, **more: object
) -> dict[str, bytes]:
    run([source], out, settings, flag=False, **more)  # type: ignore[arg-type]
    return {name: (out / name).read_bytes() for name in DATA}


def furnished(text: str, n: int) -> str:
    """A story with a line of furniture, differently placed in each."""
    first, _, rest = text.partition("\n\n")
    return f"{first}\n\nMore from our newsroom in the evening\n\nThe {n} o'clock bell.\n\n{rest}"


def changed(files: dict[str, str], how: str) -> dict[str, str]:
    names = sorted(files)
    match how:
        case "add":
            return {**files, "05a.txt": filler(99), "99.txt": edited(MUSEUM, 0.1)}
        case "remove":
            return {name: files[name] for name in names if name not in ("00.txt", "13.txt")}
        case "change":
            return {**files, "07.txt": files["07.txt"] + "\n\nIt was the last train of the day."}
        case "rename":
            return {("x" + name if name == "04.txt" else name): files[name] for name in names}
        case "furnish":  # enough that a line becomes a repeated one, in known documents, too
            return {
                name: furnished(files[name], n) if n > 3 else files[name]
                for n, name in enumerate(names)
            }
        case _:
            return dict(random.Random(how).sample(sorted(files.items()), 20))


@pytest.mark.parametrize("how", ["add", "remove", "change", "rename", "furnish", "some"])
def test_a_changed_folder(how: str, tmp_path: Path, prepared: list[str]) -> None:
    files = texts()
    if how == "furnish":  # a few have the line already, and it stays
        files |= {name: furnished(files[name], n) for n, name in enumerate(sorted(files)) if n < 9}
    result(folder(tmp_path / "in", files), tmp_path / "out")
    prepared.clear()
    source = folder(tmp_path / "in", changed(files, how))
    found = result(source, tmp_path / "out")
    expected = {"add": 2, "remove": 0, "change": 1, "rename": 1, "some": 0}
    if how in expected:
        assert len(prepared) == expected[how]
    else:
        assert b"newsroom" not in found["corpus.jsonl"] and b"newsroom" in found["changes.jsonl"]
    prepared.clear()
    assert found == result(source, tmp_path / "new")
    assert len(prepared) >= len(list(source.iterdir()))


@pytest.mark.parametrize("chosen", [range(30), range(0, 30, 4), [7], []])
def test_the_words_of_chosen_documents_are_those_of_their_texts(chosen: Iterable[int]) -> None:
    documents = [Document(name, text) for name, text in texts().items()]
    corpus = analyse(documents, SETTINGS, flag=False).corpus
    assert len(stored(corpus).store.shards) > 1
    places = np.array([*chosen], np.int64)
    found, expected = stored(corpus).of(places).stems(), vocabulary(corpus.texts, places)
    assert {*zip(*map(np.ndarray.tolist, found), strict=True)} == {
        *zip(*map(np.ndarray.tolist, expected), strict=True)
    }
    assert bool(found.keys.any()) == bool(len(places))


def written(path: Path) -> tuple[int, int, int]:
    """Node, size and time of writing of a file; reading one may move its other times."""
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


def test_an_unchanged_folder_is_left_as_it_is(tmp_path: Path, prepared: list[str]) -> None:
    source, out = folder(tmp_path / "in", texts()), tmp_path / "out"
    result(source, out)
    before = written(out / "run.json")
    prepared.clear()
    result(source, out)
    assert written(out / "run.json") == before
    (out / "corpus.jsonl").write_text("", encoding="utf-8")  # not what that run wrote
    assert result(source, out)["corpus.jsonl"]
    assert prepared == []
    result(source, out, fresh=True)
    assert len(prepared) == len(texts())


def test_other_settings_and_another_program(
    tmp_path: Path, prepared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = folder(tmp_path / "in", texts()), tmp_path / "out"
    result(source, out)
    other = load(
        overrides={"languagetool.scope": "off", "engine.jobs": 1, "match.num_perm": 64}, environ={}
    )[0]
    prepared.clear()
    found = result(source, out, other)
    assert len(prepared) == len(texts())
    assert found == result(source, tmp_path / "new", other)
    policy = load(overrides={"engine.jobs": 1, "keep.policy": "first"}, environ={})[0]
    result(source, out)
    prepared.clear()
    result(source, out, policy)
    assert prepared == []  # what is prepared does not depend on it
    monkeypatch.setattr(stamp, "code_digest", lambda: "another")
    result(source, out, policy, fresh=True)
    assert len(prepared) == len(texts())
    assert len(list((out / ".cache").glob("v*"))) == 1


def test_a_renamed_dump_is_known(tmp_path: Path, prepared: list[str]) -> None:
    dump = tmp_path / "monday.jsonl"
    lines = [json.dumps({"id": name, "text": text}) + "\n" for name, text in texts().items()]
    dump.write_text("".join(lines[:20]), encoding="utf-8")
    result(dump, tmp_path / "out")
    prepared.clear()
    dump = dump.rename(tmp_path / "tuesday.jsonl")
    dump.write_text("".join(lines), encoding="utf-8")
    found = result(dump, tmp_path / "out")
    assert len(prepared) == len(lines) - 20
    assert b"tuesday" in found["dedup.csv"] and b"monday" not in found["dedup.csv"]
    assert found == result(dump, tmp_path / "new")


def test_damaged_files_are_not_believed(tmp_path: Path, prepared: list[str]) -> None:
    source, out = folder(tmp_path / "in", texts()), tmp_path / "out"
    expected = result(source, out)
    rng = random.Random("damage")
    shards = sorted((out / ".cache").rglob("*.shard"))
    assert len(shards) > 4
    for n, path in enumerate(shards):
        data = bytearray(path.read_bytes())
        match n % 4:
            case 0:
                data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            case 1:
                del data[rng.randrange(len(data)) :]
            case 2:
                data += b"more"
            case 3:
                data[:8] = rng.randbytes(8)
        path.write_bytes(data)
    for path in out.iterdir():
        if path.is_file():
            path.unlink()
    prepared.clear()
    assert result(source, out) == expected
    assert len(prepared) == len(texts())


def test_a_run_that_ended_in_the_middle_goes_on(
    tmp_path: Path, prepared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = folder(tmp_path / "in", texts()), tmp_path / "out"
    expected = result(source, tmp_path / "undisturbed")
    write = intake.write_shard  # type: ignore[attr-defined]
    for _ in range(4):
        left = [1]

        def ending(place, arrays, left=left):  # type: ignore[no-untyped-def]
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return write(place, arrays)

        monkeypatch.setattr(intake, "write_shard", ending)
        with pytest.raises(KeyboardInterrupt):
            run([source], out, SETTINGS, flag=False)
        assert not (out / "run.json").exists()
    monkeypatch.setattr(intake, "write_shard", write)
    done = set(prepared)
    prepared.clear()
    assert result(source, out) == expected
    assert len(prepared) < len(texts())
    assert done | set(prepared) == set(texts())


def test_two_results_share_a_cache(tmp_path: Path, prepared: list[str]) -> None:
    cache = tmp_path / "cache"
    files = texts()
    one = folder(tmp_path / "one", {name: files[name] for name in sorted(files)[:20]})
    result(one, tmp_path / "out1", cache=cache)
    prepared.clear()
    other = folder(tmp_path / "other", {name: files[name] for name in sorted(files)[10:]})
    found = result(other, tmp_path / "out2", cache=cache)
    assert len(prepared) == len(files) - 20
    assert found == result(other, tmp_path / "new")
    prepared.clear()
    result(one, tmp_path / "out3", cache=cache)
    assert prepared == []  # the other run left it alone


def test_no_text_is_kept_twice(tmp_path: Path, prepared: list[str]) -> None:
    """The cache of a result has no texts; what it needs of them is read where the result is."""
    source, out = folder(tmp_path / "in", texts()), tmp_path / "out"
    expected = result(source, out)
    assert not [*(out / ".cache").rglob("*.lines")]
    for path in (out / ".cache").rglob("*"):
        assert path.is_dir() or b"harbour" not in path.read_bytes()
    assert b"harbour" in expected["documents.jsonl"]
    moved = tmp_path / "moved"
    shutil.copytree(out, moved)  # with other times
    more = folder(tmp_path / "in", changed(texts(), "add"))
    prepared.clear()
    found = result(more, moved)
    assert len(prepared) == 2
    assert found == result(more, tmp_path / "new")
    (moved / "documents.jsonl").write_bytes(
        found["documents.jsonl"].replace(b"harbour", b"harvest")
    )
    prepared.clear()
    assert result(more, moved) == found  # its lines are not believed
    assert len(prepared) == len(changed(texts(), "add"))


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_run_that_ends_around_the_move_loses_nothing(
    at: str, tmp_path: Path, prepared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the result is the old one or the new one, what it has is not prepared again."""
    source, out = folder(tmp_path / "in", texts()), tmp_path / "out"
    result(source, out)
    more = folder(tmp_path / "in", changed(texts(), "add"))
    name = "_journal" if at == "before" else "_let_go"
    call = getattr(Output, name)

    def ending(self: Output) -> None:
        if at == "after":
            call(self)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Output, name, ending)
        run([more], out, SETTINGS, flag=False)
    prepared.clear()
    (out / "corpus.jsonl").write_text("", encoding="utf-8")
    found = result(more, out)
    assert prepared == []
    assert found == result(more, tmp_path / "new")
    assert len([*(out / ".cache").rglob("*.rows")]) == 1
