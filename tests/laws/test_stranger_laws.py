"""Files of the cache that a stranger made: with a sound checksum, and refused or harmless."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isal import isal_zlib

from scrub.against import open_earlier
from scrub.batches import prepare_to_keep
from scrub.clean.repeated import LineCounts, repeated_lines
from scrub.config import load
from scrub.document import Document
from scrub.engine.local import LocalEngine
from scrub.errors import InputError, ScrubError
from scrub.match import signatures
from scrub.pipeline import run
from scrub.store.arrays import ArrayFile, Arrays, DamagedError, write_arrays
from scrub.store.index import INDEX
from scrub.store.shard import check
from scrub.store.store import Store
from scrub.table import load_table
from stories import FERRY, MUSEUM

SETTINGS = load(overrides={"languagetool.scope": "off", "engine.jobs": 1}, environ={})[0]
BANDS = signatures.bands(SETTINGS.match.lsh_threshold, SETTINGS.match.num_perm)[0]
STARTS = (
    "line_starts", "change_starts", "head_starts", "sentences", "documents", "sketches",
    "asked_starts",
)  # fmt: skip
law = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def sound() -> Arrays:
    documents = [Document("a", FERRY + "  \n\n\n"), Document("b", MUSEUM), Document("c", "")]
    nothing = repeated_lines(LineCounts(), SETTINGS.clean)
    arrays = prepare_to_keep(
        SETTINGS, nothing, documents, np.arange(6, dtype=np.uint64).reshape(3, 2)
    )
    del arrays["lines"]  # a file of their own
    return arrays


def test_what_is_made_here_is_sound(sound: Arrays, tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.shard", sound)
    check(ArrayFile(tmp_path / "a.shard"), BANDS)
    with pytest.raises(DamagedError, match="bands"):
        check(ArrayFile(tmp_path / "a.shard"), BANDS + 1)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("scores", np.full(3, np.nan)), ("scores", np.full(3, 1e308)),
        ("heads", b'["a]'), ("heads", b'{"a"'), ("heads", b'[{},'),
    ],
)  # fmt: skip
def test_records_of_another_form_are_refused(
    name: str, other: Any, sound: Arrays, tmp_path: Path
) -> None:
    if isinstance(other, bytes):
        other = np.frombuffer(other + sound[name].tobytes()[len(other) :], np.uint8)
    write_arrays(tmp_path / "a.shard", {**sound, name: other})
    with pytest.raises(DamagedError, match=name):
        check(ArrayFile(tmp_path / "a.shard"), BANDS)


@law
@given(st.data())
def test_other_shapes_and_types_are_refused(sound: Arrays, tmp_path: Path, data: Any) -> None:
    name = data.draw(st.sampled_from(sorted(sound)))
    array = sound[name]
    how = data.draw(st.sampled_from(["longer", "shorter", "wider", "type", "gone", "more"]))
    other = dict(sound)
    if how == "gone":
        del other[name]
    elif how == "more":
        other["more"] = array
    elif how == "type":
        kinds = [np.uint8, np.uint16, np.uint32, np.int64, np.uint64, np.float64]
        other[name] = array.astype(
            data.draw(st.sampled_from([k for k in kinds if k != array.dtype]))
        )
    elif how == "wider":
        other[name] = np.stack([array, array], axis=-1)
    elif how == "longer":
        other[name] = np.concatenate(
            [array, array[-1:] if len(array) else np.zeros(1, array.dtype)]
        )
    elif len(array):
        other[name] = array[:-1]
    write_arrays(tmp_path / "a.shard", other)
    if how == "shorter" and not len(array):  # as it was
        return
    with pytest.raises(DamagedError):
        check(ArrayFile(tmp_path / "a.shard"), BANDS)


@law
@given(st.data())
def test_starts_and_places_lie_within(sound: Arrays, tmp_path: Path, data: Any) -> None:
    name = data.draw(st.sampled_from([*STARTS, "places"]))
    array = sound[name].copy()
    limits = np.iinfo(array.dtype)
    near = st.integers(max(-3, limits.min), min(3000, limits.max))
    value = data.draw(near | st.integers(limits.min, limits.max))
    array[data.draw(st.integers(0, len(array) - 1))] = value
    write_arrays(tmp_path / "a.shard", {**sound, name: array})
    try:
        check(ArrayFile(tmp_path / "a.shard"), BANDS)
    except DamagedError:
        return
    assert array.min() >= 0
    if name != "places":
        assert array[0] == 0
        assert (np.diff(array) >= 0).all()
        assert name == "line_starts" or array[-1] == sound[name][-1]


@law
@given(st.data())
def test_a_header_that_lies_is_refused(tmp_path: Path, data: Any) -> None:
    """Two arrays of four numbers; one number of the header is another, the checksum is right."""
    entries: dict[str, Any] = {
        name: {"dtype": "U32", "shape": [2, 2], "data_offsets": [at, at + 16]}
        for name, at in (("a", 0), ("b", 16))
    }
    entry = entries[data.draw(st.sampled_from("ab"))]
    key = data.draw(st.sampled_from(["shape", "data_offsets", "dtype"]))
    odd = st.integers(-40, 40) | st.sampled_from([2**40, -(2**63), 1.5, "4", None, True])
    before = orjson.dumps(entry)
    if key == "dtype":
        entry[key] = data.draw(st.sampled_from(["U64", "F64", "I64", "U16", "O", "", None]))
    else:
        entry[key][data.draw(st.integers(0, 1))] = data.draw(odd)
    header = b'{"__metadata__":{"crc32":"00000000"},' + orjson.dumps(entries)[1:]
    checksum = isal_zlib.crc32(bytes(32), isal_zlib.crc32(header))
    header = header.replace(b"00000000", f"{checksum:08x}".encode(), 1)
    path = tmp_path / "a.shard"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(32))
    if orjson.dumps(entry) == before:
        assert ArrayFile(path)["a"].shape == (2, 2)
        return
    with pytest.raises(DamagedError):
        ArrayFile(path)


def test_an_index_that_points_beyond_is_refused(tmp_path: Path) -> None:
    for name, text in (("a", FERRY), ("b", MUSEUM), ("c", FERRY + " And then it rained.")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    run([tmp_path], tmp_path / "out", SETTINGS, flag=False)
    index = tmp_path / "out" / ".cache" / INDEX
    file = ArrayFile(index)
    sound = {name: file[name] for name in file.layout()}
    assert len(sound["first"])
    store = Store.temporary(SETTINGS)
    engine = LocalEngine(1)
    ids = open_earlier(tmp_path / "out", SETTINGS, store, engine).ids
    assert ids == ["a.txt", "b.txt", "c.txt"]
    for name, other in (
        ("first", sound["first"] + 3), ("second", sound["second"] - 3),
        ("kept", sound["kept"][1:]), ("found", sound["found"].astype(np.uint16)),
        ("keys", sound["keys"].reshape(-1)), ("within", np.zeros((2, 2), np.uint64)),
    ):  # fmt: skip
        write_arrays(index, {**sound, name: other})
        assert open_earlier(tmp_path / "out", SETTINGS, store, engine).ids == ids
        write_arrays(index, {**sound, name: other})
        with pytest.raises(InputError, match="damaged"):
            open_earlier(index, SETTINGS, store, engine)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'{"id":"', b'["id":"'), (b'"text":"', b'"tent":"'), (b'"metadata":{', b'"metadata":1')],
)
def test_a_record_that_no_run_wrote_is_named(old: bytes, new: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FERRY, encoding="utf-8")
    run([tmp_path], tmp_path / "out", SETTINGS, flag=False, cache=tmp_path / "cache")
    (path,) = (tmp_path / "cache").glob("v*/*.lines")
    lines = ArrayFile(path)["lines"].tobytes()
    assert old in lines
    write_arrays(path, {"lines": np.frombuffer(lines.replace(old, new), np.uint8)})
    store = Store.temporary(SETTINGS)
    earlier = open_earlier(tmp_path / "out", SETTINGS, store, LocalEngine(1))
    with pytest.raises(InputError, match=r"holds a record that no run wrote .*remove it"):
        list(earlier.documents)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles in `in` and their result in `out`."""
    folder = tmp_path_factory.mktemp("earlier")
    (folder / "in").mkdir()
    for name, text in (
        ("a", FERRY),
        ("b", MUSEUM),
        ("c", FERRY + " And then it rained."),
        ("d", ""),
    ):
        (folder / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    run([folder / "in"], folder / "out", SETTINGS, flag=False)
    return folder


def mutated(path: Path, data: st.DataObject) -> None:
    """Change some numbers of a file of arrays, with a checksum that is right again."""
    file = ArrayFile(path)
    arrays = {name: file[name].copy() for name in file.layout()}
    filled = sorted(name for name, array in arrays.items() if array.size)
    for _ in range(data.draw(st.integers(1, 4))):
        flat = arrays[data.draw(st.sampled_from(filled))].reshape(-1)
        if flat.dtype == np.float64:
            value: Any = data.draw(st.floats())
        else:
            limits = np.iinfo(flat.dtype)
            own = st.sampled_from(flat.tolist())
            value = data.draw(own | st.integers(limits.min, limits.max) | st.integers(0, 40))
        at = data.draw(st.integers(0, len(flat) - 1))
        flat[at : at + data.draw(st.sampled_from([1, 1, 9]))] = value
    write_arrays(path, arrays)


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.data())
def test_numbers_of_a_stranger_end_in_a_result_or_in_a_line(
    earlier: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """Run with NUMBA_BOUNDSCHECK=1, no index of compiled code is out of its array."""
    shutil.rmtree(tmp_path / "theirs", ignore_errors=True)
    shutil.copytree(earlier / "out", tmp_path / "theirs")
    cache = tmp_path / "theirs" / ".cache"
    shards, index = sorted(cache.glob("v*/*.shard")), cache / INDEX
    file = ArrayFile(index)
    arrays = {name: file[name] for name in file.layout()}
    place = np.frombuffer(os.fsencode(cache), np.uint8)
    write_arrays(index, {**arrays, "place": place} if "place" in arrays else arrays)
    notes = sorted(cache.glob("v*/*.rows"))
    mutated(data.draw(st.sampled_from([*shards, *shards, *notes, index])), data)
    ways: list[dict[str, Any]] = [{"against": tmp_path / "theirs"}, {"cache": cache}]
    for how in ways:
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        with contextlib.suppress(ScrubError):
            run([earlier / "in"], tmp_path / "out", SETTINGS, flag=False, **how)
            assert len(list(load_table(tmp_path / "out" / "dedup.csv"))) == 3


@pytest.mark.parametrize(("name", "half"), [("keys", 0), ("keys", 1), ("asked_sources", 0)])
def test_a_shard_of_which_documents_are_not_found_is_written_again(
    name: str, half: int, earlier: Path, tmp_path: Path
) -> None:
    """What was read of the one before, under the same name, is not taken for what is there now."""
    run([earlier / "in"], tmp_path / "out", SETTINGS, flag=False, cache=tmp_path / "cache")
    (path,) = (tmp_path / "cache").glob("v*/*.shard")
    file = ArrayFile(path)
    arrays = {key: file[key].copy() for key in file.layout()}
    arrays[name].reshape(3, -1)[1, half] -= 1
    write_arrays(path, arrays)
    settings = SETTINGS.model_copy()
    for turn in range(2):
        out = tmp_path / f"out{turn}"
        try:
            run([earlier / "in"], out, settings, flag=False, cache=tmp_path / "cache")
        except InputError as error:
            assert half  # a made-up second half of a key can hide the right one
            assert "remove that folder" in str(error)
        else:
            for table in ("dedup.csv", "documents.jsonl", "pairs.csv"):
                assert (out / table).read_bytes() == (earlier / "out" / table).read_bytes()


def test_an_index_that_names_no_cache_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FERRY, encoding="utf-8")
    run([tmp_path], tmp_path / "out", SETTINGS, flag=False)
    index = tmp_path / "out" / ".cache" / INDEX
    file = ArrayFile(index)
    arrays = {name: file[name] for name in file.layout()}
    store, engine = Store.temporary(SETTINGS), LocalEngine(1)
    for place in (b"a" * 5000, b"a\0b", os.fsencode(tmp_path / "elsewhere")):
        write_arrays(index, {**arrays, "place": np.frombuffer(place, np.uint8)})
        with contextlib.suppress(InputError):
            assert open_earlier(tmp_path / "out", SETTINGS, store, engine).ids == ["a.txt"]
    assert not (tmp_path / "elsewhere").exists()  # nobody's index says where is written


def test_tidying_removes_only_what_a_run_made(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FERRY, encoding="utf-8")
    cache = tmp_path / "out" / ".cache"
    old, used, mine = (cache / name for name in (f"v1.0-{'0' * 16}", f"v1.0-{'1' * 16}", "v1-mine"))
    for place in (old, used, mine):
        place.mkdir(parents=True)
        (place / "a.shard").touch()
    (used / "notes.txt").touch()
    (cache / f"v1.0-{'2' * 16}").symlink_to(mine)
    run([tmp_path / "a.txt"], tmp_path / "out", SETTINGS, flag=False)
    assert not old.exists()
    assert [path.name for path in used.iterdir()] == ["notes.txt"]
    assert [path.name for path in mine.iterdir()] == ["a.shard"]


def test_who_else_can_write_a_shared_cache_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.txt").write_text(FERRY, encoding="utf-8")
    cache = tmp_path / "cache"
    for mode, said in ((0o700, False), (0o770, False), (0o777, True)):
        cache.mkdir(exist_ok=True)
        cache.chmod(mode)
        caplog.clear()
        run([tmp_path / "a.txt"], tmp_path / f"{mode}", SETTINGS, flag=False, cache=cache)
        assert ("can be written by everybody" in caplog.text) is said
    if os.getuid() == 0:
        os.chown(cache, 12_345, 12_345)
        run([tmp_path / "a.txt"], tmp_path / "other", SETTINGS, flag=False, cache=cache)
        assert "belongs to another user" in caplog.text
