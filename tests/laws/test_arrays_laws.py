"""Files of arrays: what is written is read, and no damage goes unnoticed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as any_array
from isal import isal_zlib

from scrub.store.arrays import ArrayFile, DamagedError, write_arrays
from scrub.store.shard import by_frequency

KINDS = [np.uint8, np.uint16, np.uint32, np.int64, np.uint64, np.float64]
ARRAYS = st.dictionaries(
    st.text("abcxyz", min_size=1, max_size=5),
    st.sampled_from(KINDS).flatmap(
        lambda kind: any_array(kind, st.tuples(st.integers(0, 9), st.integers(1, 3)))
    ),
    min_size=1,
    max_size=5,
)
quick = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@quick
@given(ARRAYS, st.booleans())
def test_what_is_written_is_read(
    tmp_path: Path, given: dict[str, np.ndarray], packed: bool
) -> None:
    path = tmp_path / "a.shard"
    given["run"] = np.repeat(np.arange(3, dtype=np.uint16), 50)  # which packs
    write_arrays(path, given, packed=packed)
    file = ArrayFile(path)
    for name, array in given.items():
        assert file[name].dtype == array.dtype
        assert file[name].shape == array.shape
        assert file[name].tobytes() == array.tobytes()
        if array.dtype == np.uint8:
            first = min(1, array.nbytes)
            assert file.bytes(name, first, array.nbytes) == array.tobytes()[first:]
    assert [p.name for p in tmp_path.iterdir()] == ["a.shard"]


@quick
@given(ARRAYS, st.booleans(), st.data())
def test_damage_is_noticed(
    tmp_path: Path, given: dict[str, np.ndarray], packed: bool, data: st.DataObject
) -> None:
    path = tmp_path / "a.shard"
    given["run"] = np.repeat(np.arange(3, dtype=np.uint16), 50)
    write_arrays(path, given, packed=packed)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    for damaged in (bytes(flipped), whole[:at], whole + b"\0"):
        path.write_bytes(damaged)
        with pytest.raises(DamagedError):
            ArrayFile(path)


@pytest.mark.parametrize("change", [(b"0", b" "), (b"a", b"A")])
def test_a_digit_of_the_checksum_that_reads_the_same_is_damage(
    tmp_path: Path, change: tuple[bytes, bytes]
) -> None:
    path = tmp_path / "a.shard"
    tried = 0
    for value in range(300):  # some of the checksums begin with the digit
        write_arrays(path, {"x": np.array([value], np.uint32)})
        whole = path.read_bytes()
        at = whole.index(b'"crc32":"') + len(b'"crc32":"')
        if whole[at : at + 1] == change[0]:
            path.write_bytes(whole[:at] + change[1] + whole[at + 1 :])
            with pytest.raises(DamagedError):
                ArrayFile(path)
            tried += 1
    assert tried


def test_the_layout_is_that_of_safetensors(tmp_path: Path) -> None:
    path = tmp_path / "a.shard"
    write_arrays(path, {"x": np.arange(3, dtype=np.uint32)})
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    assert header.pop("__metadata__").keys() == {"crc32"}
    assert header == {"x": {"dtype": "U32", "shape": [3], "data_offsets": [0, 12]}}
    assert data[8 + size :] == np.arange(3, dtype="<u4").tobytes()


@quick
@given(any_array(np.uint32, st.integers(0, 300), elements=st.integers(0, 2**32 - 1) | st.just(8)))
def test_words_are_found_again_in_their_vocabulary(units: np.ndarray) -> None:
    stems = np.arange(len(units), dtype=np.uint32) % 3
    words, vocabulary, of_words = by_frequency(units, stems)
    assert (vocabulary[words] == units).all() and (of_words[words] == stems).all()
    distinct = [*zip(vocabulary.tolist(), of_words.tolist(), strict=True)]
    assert len({*distinct}) == len(distinct)
    counts = np.bincount(words, minlength=len(vocabulary))
    assert (counts > 0).all() and (np.diff(counts) <= 0).all()
    assert distinct == sorted(distinct, key=lambda each: (-counts[distinct.index(each)], each))


def test_more_words_than_expected_are_numbered_too() -> None:
    units = np.arange(5000, dtype=np.uint32)[::-1]
    words, vocabulary, stems = by_frequency(units, units)
    assert (vocabulary == np.arange(5000)).all() and (words == units).all()
    assert (stems == vocabulary).all()


@quick
@given(st.data())
def test_a_frame_that_lies_is_refused(tmp_path: Path, data: st.DataObject) -> None:
    """Of a sound checksum, with another number of values, or with more behind its end."""
    path, array = tmp_path / "a.shard", np.repeat(np.arange(9, dtype=np.uint32), 20)
    write_arrays(path, {"x": array}, packed=True)
    whole = path.read_bytes()
    assert b'"packed":true' in whole
    number = data.draw(st.integers(0, 400))
    body = whole[8 + int.from_bytes(whole[:8], "little") :] + data.draw(
        st.sampled_from([b"", b"x"])
    )
    header = b'{"__metadata__":{"crc32":"00000000"},"x":' + json.dumps(
        {"dtype": "U32", "shape": [number], "packed": True, "data_offsets": [0, len(body)]}
    ).encode() + b"}"  # fmt: skip
    checksum = isal_zlib.crc32(body, isal_zlib.crc32(header))
    header = header.replace(b"00000000", f"{checksum:08x}".encode(), 1)
    path.write_bytes(len(header).to_bytes(8, "little") + header + body)
    file = ArrayFile(path)
    if number == len(array) and not body.endswith(b"x"):
        assert file["x"].tobytes() == array.tobytes()
    else:
        with pytest.raises(DamagedError):
            file["x"]
