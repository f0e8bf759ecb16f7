"""What a run may touch, and what its bytes may depend on: its input, its settings, nothing else."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import forked
import pytest
from injection import snapshot

from scrub import cli
from scrub.cli.doctor import verify
from scrub.engine import pool
from scrub.store import reading
from scrub.write.report import build
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, spun

pytestmark = pytest.mark.skipif(os.name != "posix", reason="fork and namespaces of POSIX")
Result = dict[str, bytes]
PAGE = "<html><head><title>T</title></head><body><article><p>{}</p></article></body></html>"


def works(*command: str) -> bool:
    found = shutil.which(command[0]) is not None
    return found and subprocess.run(command, capture_output=True, check=False).returncode == 0


def make_input(folder: Path, order: int = 1) -> Path:
    """Files of several formats, made in one order or the other."""
    stories = [FERRY, MUSEUM, SCHOOL, *(filler(n) for n in range(12))]
    files: dict[str, bytes] = {f"{n:02}.txt": text.encode() for n, text in enumerate(stories)}
    rows = [{"id": f"row {n}", "text": edited(text, 0.1)} for n, text in enumerate(stories[:4])]
    rows.append({"id": "spun", "text": spun(FERRY, 0.3)})
    files["deep/er/rows.jsonl.gz"] = gzip.compress(
        "".join(json.dumps(row) + "\n" for row in rows).encode(), mtime=0
    )
    files["page.html"] = PAGE.format(spun(SCHOOL, 0.3).replace("\n\n", "</p><p>")).encode()
    files["broken.jsonl"] = b'{"id": 1, "text": "cut of'
    for name, data in list(files.items())[::order]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def timeless(out: Path) -> Result:
    """The result without what a clock decides, and without the names that a user gave.

    That is: in run.json the times, the input paths and the number of processes.  The report shows
    the times, so it is made again from the record without them.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(out, Path(folder) / "out"))
        record = json.loads((copy / "run.json").read_bytes())
        record |= {"seconds": 0, "documents_per_second": 0, "inputs": [], "engine": {}}
        record["stages"] = dict.fromkeys(record["stages"], 0)
        record["settings"]["engine"]["jobs"] = 0
        (copy / "run.json").write_text(json.dumps(record))
        build(copy)
        return snapshot(copy)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_input(tmp_path_factory.mktemp("promises") / "in")


def run(folder: Path | list[Path], out: Path, *more: str, before: Callable[[], object]) -> str:
    inputs = [folder] if isinstance(folder, Path) else folder
    with tempfile.NamedTemporaryFile() as log:
        return forked.run(
            Path(log.name), "run", *inputs, "-o", out, "--languagetool", "off", *more, before=before
        )


@pytest.fixture(scope="module")
def expected(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    out = tmp_path_factory.mktemp("expected") / "out"
    with pytest.raises(SystemExit) as stop:  # in this process, so that forks find all compiled
        cli.main(["run", str(folder), "-o", str(out), "--languagetool", "off", "-j1", "-q"])
    assert stop.value.code == 1  # broken.jsonl
    assert all(check.ok for check in verify(out))
    return timeless(out)


# --- the same bytes


@pytest.mark.parametrize("jobs", ["1", "2", "7"])
def test_the_number_of_processes_does_not_matter(
    jobs: str, folder: Path, expected: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH_CHARACTERS", 2500)
    assert run(folder, tmp_path / "out", "-j", jobs, before=os.getpid).startswith("[1]")
    assert timeless(tmp_path / "out") == expected


def test_neither_do_order_place_and_earlier_runs(
    folder: Path, expected: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_input(tmp_path / "elsewhere" / "named otherwise", order=-1)
    monkeypatch.chdir(other)
    out = Path("../a b/out")
    for _ in range(2):
        assert run(Path(), out, before=os.getpid).startswith("[1]")
        assert timeless(other / out) == expected


def test_nor_does_the_order_of_the_arguments(folder: Path, tmp_path: Path) -> None:
    inputs = sorted(folder.glob("*.txt"))
    results = []
    for name, paths in (("one", inputs), ("two", inputs[::-1]), ("three", inputs[5:] + inputs)):
        assert run(paths, tmp_path / name, before=os.getpid).startswith("[0]")
        results.append(timeless(tmp_path / name))
    assert results[0] == results[1] == results[2]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "4000000000"])  # and a random one wherever none is set
def test_nor_does_the_seed_of_hashes(
    seed: str, folder: Path, expected: Result, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "scrub", "run", str(folder), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--languagetool", "off", "-q"],
        env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": "Asia/Kolkata"},
        cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert timeless(tmp_path / "out") == expected


# --- what is touched


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            b"" if path.is_dir() else path.read_bytes(),
        )
        for path in sorted(folder.rglob("*"))
    }


def test_the_input_is_not_modified_and_the_output_inside_it_not_read(
    expected: Result, tmp_path: Path
) -> None:
    folder = make_input(tmp_path / "in")
    before = state(folder)
    for _ in range(2):
        assert run(folder, folder / "out", before=os.getpid).startswith("[1]")
        assert timeless(folder / "out") == expected
    after = {k: v for k, v in state(folder).items() if k.partition("/")[0] != "out"}
    assert after == before


def test_a_folder_that_may_not_be_written_can_be_read(expected: Result, tmp_path: Path) -> None:
    folder = make_input(tmp_path / "in")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert run(folder, tmp_path / "out", before=os.getpid).startswith("[1]")
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)
    assert timeless(tmp_path / "out") == expected


_TOUCHING = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.utime", "shutil.rmtree", "shutil.move", "shutil.copyfile",
}  # fmt: skip
_TALKING = {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"}


def watch(told: Path) -> None:
    """Note every event by which Python writes, moves, connects or starts a program."""
    journal = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            flags = arguments[2]
            if isinstance(arguments[0], int):  # has been opened before
                return
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
        elif event not in _TOUCHING | _TALKING | {"subprocess.Popen", "sqlite3.connect"}:
            return
        os.write(journal, f"{event}\t{arguments!r}\n".encode())

    sys.addaudithook(hook)


def test_nothing_is_written_elsewhere_and_nobody_is_called(folder: Path, tmp_path: Path) -> None:
    out, told = tmp_path / "out", tmp_path / "told"
    said = run(folder, out, "-j", "2", before=lambda: watch(told))
    assert said.startswith("[1]")
    events = [line.split("\t", 1) for line in told.read_text().splitlines()]
    assert len(events) > 20
    assert not [e for e in events if e[0] in _TALKING]
    programs = [arguments for event, arguments in events if event == "subprocess.Popen"]
    assert all("scrub.read.worker" in arguments for arguments in programs)
    # Removing a tree names its entries relative to a folder that was opened before.
    elsewhere = [
        arguments
        for event, arguments in events
        if event in _TOUCHING | {"open"}
        and str(out) not in arguments
        and not re.match(r"\('/dev/(null|shm/)", arguments)
        and not re.fullmatch(r"\('[\w.-]+', \d+\)", arguments)
    ]
    assert elsewhere == []


@pytest.mark.slow
@pytest.mark.skipif(not works("strace", "-V"), reason="strace is not installed")
def test_the_system_agrees(folder: Path, tmp_path: Path) -> None:
    out, told, cache = tmp_path / "out", tmp_path / "told", tmp_path / "cache"
    passing = tmp_path / "tmp"
    passing.mkdir()
    command = [sys.executable, "-m", "scrub", "run", str(folder), "-o", str(out), "-q"]
    calls = "open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,"
    calls += "truncate,link,linkat,symlink,symlinkat,chmod,fchmodat,connect"
    done = subprocess.run(
        ["strace", "-f", "-y", "-e", f"trace={calls}", "-o", str(told), *command,
         "--languagetool", "off"],
        env={**os.environ, "SCRUB_CACHE": str(cache), "TMPDIR": str(passing)}, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert list(passing.iterdir()) == []
    lines = told.read_text(errors="replace").splitlines()
    writes = [
        line
        for line in lines
        if re.search(
            r"O_WRONLY|O_RDWR|O_CREAT| (rename|unlink|mkdir|rmdir|trunc|link|sym|chmod)", line
        )
        and " = -1 " not in line
        and " resumed>" not in line  # the path stands where the call began
    ]
    # A library unpacks its model into an unnamed temporary file.
    allowed = (str(out), str(cache), str(passing), "/dev/", "__pycache__", "pipe:", "/proc/self/")
    # A semaphore of multiprocessing is a file in memory, named sem.*.
    assert [
        line for line in writes if not any(a in line for a in allowed) and "sem." not in line
    ] == []
    assert [line for line in lines if "connect(" in line and "AF_UNIX" not in line] == []


# --- no network


@pytest.mark.slow
@pytest.mark.skipif(not works("unshare", "-rn", "true"), reason="no network namespaces here")
def test_a_run_without_a_network(folder: Path, expected: Result, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrub", "run", str(folder), "-o", str(tmp_path / "out"), "-q"]
    done = subprocess.run(
        ["unshare", "-rn", *command, "--languagetool", "off"], check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert timeless(tmp_path / "out") == expected


@pytest.mark.slow
@pytest.mark.java
@pytest.mark.skipif(
    not works("unshare", "-rn", "ip", "link", "set", "lo", "up"),
    reason="no network namespace with a loopback interface here",
)
def test_languagetool_needs_the_loopback_only(installed: None, seeds: Path, tmp_path: Path) -> None:
    from scrub.caches import languagetool_folder
    from scrub.kernels import kernels_folder

    cache = {"LTP_PATH": str(languagetool_folder()), "SCRUB_CACHE": str(tmp_path / "cache")}
    cache["NUMBA_CACHE_DIR"] = str(kernels_folder())  # or all would be compiled anew
    spun = " ".join(map(str, sorted(seeds.glob("00[23]*"))))
    script = f"ip link set lo up; {sys.executable} -m scrub run {spun} -o {tmp_path}/out -q"
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", script], check=False, env={**os.environ, **cache}
    )
    assert done.returncode == 0
    record = json.loads((tmp_path / "out" / "run.json").read_bytes())
    assert record["languagetool"]["outcome"] == "done"
    assert b"languagetool:" in (tmp_path / "out" / "flags.csv").read_bytes()


def test_settings_of_the_compiler_in_the_current_folder_are_not_read(tmp_path: Path) -> None:
    """Numba would read them wherever PyYAML is; here all kernels would go uncompiled."""
    pytest.importorskip("yaml")
    program = (
        "import scrub, yaml; from numba.core import config; from scrub.kernels import kernel;"
        "config.reload_config(); print(config.DISABLE_JIT, yaml.safe_load('1'))"
    )
    for settings in ("disable_jit: 1\n", "disable_jit: [1\n", "opt: none\n"):
        (tmp_path / ".numba_config.yaml").write_text(settings)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA_")}
        done = subprocess.run(
            [sys.executable, "-P", "-c", program], cwd=tmp_path, env=environment, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("0 1\n", "")


@pytest.mark.slow
def test_no_module_in_the_current_folder_is_imported(tmp_path: Path) -> None:
    """Not by the command, and not by the process that reads pages."""
    ran = tmp_path / "ran"
    for name in (*sys.stdlib_module_names, "numpy", "lxml", "orjson", "scrub", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write('{name} ')\n")
    (tmp_path / "page.html").write_text(PAGE.format(FERRY.replace("\n", " ")))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}

    def started(*command: str) -> int:
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=environment, capture_output=True,
            check=False,
        )  # fmt: skip
        return done.returncode

    arguments = ("-m", "scrub", "dedup", "page.html", "-o", "out", "-j", "1")
    assert started("-P", *arguments) == 0
    assert not ran.exists()
    started("-m", "scrub", "--version")
    assert ran.exists()  # such modules do run where somebody lets them


def test_where_processes_are_not_forked_they_import_nothing_from_there_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    assert pool.context().get_start_method() == "spawn"
    assert os.environ["PYTHONSAFEPATH"] == "1"
