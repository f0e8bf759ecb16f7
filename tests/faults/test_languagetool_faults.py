"""LanguageTool refuses, lies, hangs, dies or is not there: the run goes on and says so."""

from __future__ import annotations

import contextlib
import gc
import http.server
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import psutil
import pytest
from forked import promised

from scrub.config import LanguageToolSettings
from scrub.errors import MissingPartError
from scrub.spin import languagetool as lt
from scrub.spin.languagetool import checker, client, server, service
from scrub.spin.languagetool.client import Client
from scrub.spin.languagetool.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = tuple[int, bytes] | tuple[int, bytes, dict[str, str]]
SENTENCES = [f"Police number {n} blamed a groups." for n in range(12)]
MANY = 90


def match(offset: int, length: int) -> dict[str, object]:
    return {
        "message": "Wrong.", "shortMessage": "", "replacements": [{"value": "right"}],
        "offset": offset, "length": length, "context": {"text": "", "offset": 0, "length": 0},
        "rule": {"id": "A_NNS", "issueType": "grammar", "category": {"id": "GRAMMAR"}},
    }  # fmt: skip


def answer(*matches: object, **more: object) -> Answer:
    return 200, json.dumps({"software": {"version": "6.8"}, "matches": matches, **more}).encode()


@contextlib.contextmanager
def serving(check: Callable[[str], Answer]) -> Iterator[tuple[LanguageToolSettings, list[str]]]:
    """A server that speaks LanguageTool's protocol but answers as `check` says; what was sent."""
    sent: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.reply(200, json.dumps([{"code": "en", "longCode": "en-US"}]).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            text = parse_qs(body)["text"][0]
            if text == "scrub":
                self.reply(*answer())
            else:
                sent.append(text)
                self.reply(*check(text))

        def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            with contextlib.suppress(ConnectionError):  # who was stopped asks no more
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield LanguageToolSettings(url=f"http://127.0.0.1:{server.server_port}"), sent
        server.shutdown()


def outcome(
    settings: LanguageToolSettings, tmp_path: Path, seconds: float = 60
) -> lt.LanguageToolReport:
    found, report = lt.check_sentences(SENTENCES, settings, cache=tmp_path / "c", seconds=seconds)
    assert found == [[]] * len(SENTENCES)
    assert report.unchecked == len(SENTENCES)
    assert "\n" not in report.outcome
    return report


def test_an_address_where_nobody_listens(tmp_path: Path) -> None:
    settings = LanguageToolSettings(url="http://127.0.0.1:1")
    reason = "LanguageTool at http://127.0.0.1:1 cannot be used: connection refused"
    assert lt.problem(settings) == reason
    assert outcome(settings, tmp_path).outcome == f"skipped: {reason}"


@pytest.mark.parametrize("url", ["localhost:8081", "file:///etc/passwd", "http://", "x", "ftp://h"])
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    settings = LanguageToolSettings(url=url)
    assert "not an address like http://" in lt.problem(settings)
    assert outcome(settings, tmp_path).outcome.startswith(f"skipped: LanguageTool at {url} ")


@pytest.mark.parametrize(
    "wrong",
    [
        (200, b""), (200, b"<html>hello</html>"), (200, b"[]"), (200, b"null"), (200, b"7"),
        (200, b"[" * 100_000), (200, b'{"matches": 3}'), (200, b'{"matches": [7]}'),
        (200, b'{"matches": [{"offset": "x"}]}'), (200, b"\xff\xfe"), (200, b"{}"), (404, b"?"),
        (302, b"", {"Location": "/v2/elsewhere"}), answer(match(0, 10**6)), answer(match(-3, 2)),
        answer(match(3, 0)),
    ],
)  # fmt: skip
def test_answers_of_the_wrong_shape(tmp_path: Path, wrong: Answer) -> None:
    with serving(lambda text: wrong) as (settings, sent):
        assert outcome(settings, tmp_path).outcome.startswith(f"skipped: {settings.url}")
        assert len(sent) == 1


def test_a_server_that_refuses_every_text_is_left_alone_soon(tmp_path: Path) -> None:
    with serving(lambda text: (500, b"Error: no")) as (settings, sent):
        report = outcome(settings, tmp_path)
        assert report.outcome == "skipped: LanguageTool refuses texts: HTTP 500: Error: no"
        assert len(sent) == report.requests == 8


def test_one_sentence_that_is_refused_takes_no_other_with_it(tmp_path: Path) -> None:
    def check(text: str) -> Answer:
        return (413, b"no") if "number 7" in text else answer(match(0, 6))

    with serving(check) as (settings, _):
        found, report = lt.check_sentences(SENTENCES, settings, cache=tmp_path / "c")
        assert (report.outcome, report.unchecked) == ("done", 1)
        assert found[7] == []
        # And it is tried again by the next run, the others are known.
        _, again = lt.check_sentences(SENTENCES, settings, cache=tmp_path / "c")
        assert (again.cached, again.requests, again.unchecked) == (11, 1, 1)


def test_half_an_answer_is_none(tmp_path: Path) -> None:
    partly = answer(warnings={"incompleteResults": True})
    with serving(lambda text: partly) as (settings, _):
        assert "it checked only a part" in outcome(settings, tmp_path).outcome


def test_answers_that_do_not_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PATIENCE", 2)
    given_up = threading.Event()

    def slow(text: str) -> Answer:
        given_up.wait()
        return answer()

    with serving(slow) as (settings, sent):
        report = outcome(settings, tmp_path, seconds=0.5)
        given_up.set()
        assert report.outcome == "skipped: LanguageTool refuses texts: no answer within 0 s"
        assert len(sent) == report.requests == 2


def test_an_answer_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_MAX_ANSWER", 1_000_000)
    with serving(lambda text: (200, b" " * 1_000_001)) as (settings, _):
        assert "longer than" in outcome(settings, tmp_path).outcome


def test_a_redirect_takes_no_text_elsewhere(tmp_path: Path) -> None:
    with serving(lambda text: answer()) as (other, stolen):
        moved = (307, b"", {"Location": f"{other.url}/v2/check"})
        with serving(lambda text: moved) as (settings, _):
            assert outcome(settings, tmp_path).outcome.endswith("HTTP 307")
        assert stolen == []


def test_proxies_of_the_environment_see_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        serving(lambda text: answer()) as (proxy, stolen),
        serving(lambda text: answer()) as (
            settings,
            sent,
        ),
    ):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        _, report = lt.check_sentences(SENTENCES, settings, cache=tmp_path / "c")
        assert report.outcome == "done"
        assert (len(sent), stolen) == (1, [])


def test_a_connection_that_breaks_is_tried_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_PAUSE", 0.1)

    def broken(text: str) -> Answer:
        return 200, b"{}", {"Content-Length": "1000", "Connection": "close"}

    with serving(broken) as (settings, sent):
        report = outcome(settings, tmp_path)
        assert report.outcome.startswith(f"skipped: {settings.url}")
        assert len(sent) <= 2


# From here on: servers of our own.


def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


def fake_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    no_java(monkeypatch, tmp_path)
    (tmp_path / "java").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "java").chmod(0o755)


def test_no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_java(monkeypatch, tmp_path)
    assert lt.problem(LanguageToolSettings()).startswith("no Java 17 or newer: install Java 17")
    report = outcome(LanguageToolSettings(), tmp_path)
    assert report.outcome == f"skipped: {lt.problem(LanguageToolSettings())}"


def test_java_11(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_java(monkeypatch, tmp_path, "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2")
    assert outcome(LanguageToolSettings(), tmp_path).outcome.startswith("skipped: no Java 17")


def test_no_languagetool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_java(monkeypatch, tmp_path, "echo 'openjdk version \"17.0.1\"' >&2")
    monkeypatch.setenv("LTP_PATH", str(tmp_path / "empty"))
    report = outcome(LanguageToolSettings(), tmp_path)
    assert report.outcome.endswith(f"in {tmp_path / 'empty'}: run `scrub setup`")
    assert not (tmp_path / "empty").exists()


def test_a_server_that_ends_at_its_start(
    installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = 'Exception in thread "main" java.lang.UnsupportedClassVersionError'
    script = f"""case "$*" in
        -version) echo 'openjdk version "17.0.1"' >&2;;
        *) echo '{said}' >&2; exit 1;; esac"""
    fake_java(monkeypatch, tmp_path, script)
    report = outcome(LanguageToolSettings(), tmp_path)
    assert report.outcome.startswith("skipped: LanguageTool ended at its start")
    assert report.outcome.endswith(said)


def javas(parent: int | None = None) -> list[psutil.Process]:
    found = []
    for process in psutil.Process(parent).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.name() == "java":
                found.append(process)
    return found


def gone(process: psutil.Process, seconds: float = 5) -> bool:
    end = time.monotonic() + promised(seconds)
    while time.monotonic() < end:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.java
def test_a_slow_start_is_given_up(installed: None) -> None:
    before = {process.pid for process in javas()}
    with pytest.raises(MissingPartError, match=r"did not answer within 0 s"):
        Server(start_seconds=0.3)
    assert {process.pid for process in javas()} == before


@pytest.mark.slow
@pytest.mark.java
def test_a_program_that_took_the_port_gets_no_text(
    installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers everything with 200, while our Java has not found out yet."""
    asked = []

    class Obliging(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - its name

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Obliging) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        ports = iter([other.server_port, server._free_port()])
        monkeypatch.setattr(server, "_free_port", lambda: next(ports))
        assert server.listens(os.getpid(), other.server_port)
        with closing(server.Server(start_seconds=promised(60))) as own:
            assert not own.url.endswith(f":{other.server_port}")
        other.shutdown()
    assert set(asked) == {"/v2/healthcheck"}


@pytest.mark.slow
@pytest.mark.java
def test_a_port_that_is_taken(installed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        ports = iter([holder.getsockname()[1], server._free_port()])
        monkeypatch.setattr(server, "_free_port", lambda: next(ports))
        with closing(Server()) as started:
            assert started.alive
            assert next(ports, None) is None
            assert listening_at(started.url) == {"127.0.0.1"}  # on this machine alone


def listening_at(url: str) -> set[str]:
    return {
        connection.laddr.ip.removeprefix("::ffff:")
        for process in javas()
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
        and connection.laddr.port == int(url.rpartition(":")[2])
    }


def check_while(
    kill: Callable[[int], bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> lt.LanguageToolReport:
    """Check many sentences by a server of ours; `kill` says whether it dies before request N.

    Other requests are on their way to it then.
    """
    sentences = [f"On day {n} the police of town {n} blamed a groups for it." for n in range(MANY)]
    monkeypatch.setattr(checker, "_REQUEST", 500)  # ten requests
    others = {process.pid for process in javas()}
    requests, one_at_a_time = count(), threading.Lock()
    ask = Client.find

    def find(client: Client, text: str) -> list[lt.Match]:
        with one_at_a_time:
            if kill(next(requests)):
                for process in javas():
                    if process.pid not in others:
                        process.kill()
                        process.wait(promised(20))
        return ask(client, text)

    monkeypatch.setattr(Client, "find", find)
    before = descriptors(tmp_path)
    found, report = lt.check_sentences(sentences, LanguageToolSettings(), cache=tmp_path / "c")
    deadline = time.monotonic() + promised(20)  # threads that end close what they had
    while (left := descriptors(tmp_path) - before) and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.05)
    assert not left
    assert report.unchecked == sum(not matches for matches in found)
    return report


def descriptors(folder: Path) -> set[str]:
    """The pipes, sockets and files in `folder` that this process holds open.

    What a library opens once and keeps is none of them.
    """
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            name = str(path.readlink())
            if name.startswith(("pipe:", "socket:", str(folder))):
                found.add(name)
    return found


@pytest.mark.slow
@pytest.mark.java
def test_a_server_that_dies_is_started_once_more(
    installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = check_while(lambda number: number == 1, tmp_path, monkeypatch)
    assert (report.outcome, report.restarts, report.unchecked) == ("done", 1, 0)


@pytest.mark.slow
@pytest.mark.java
def test_a_server_that_dies_again_ends_the_stage(
    installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Request 3 may be under way before the server is back.
    report = check_while(lambda number: number == 2 or number > 3, tmp_path, monkeypatch)
    assert report.outcome == "partial: LanguageTool ended twice"
    assert report.restarts == 1
    assert 0 < report.unchecked < MANY


def answers_known(tmp_path: Path) -> int:
    # SQLite's own handle would keep the file open as long as anything of ours locks it.
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{tmp_path / 'c'}?mode=ro", uri=True, timeout=5)
        ) as database:
            return int(database.execute("SELECT count(*) FROM answers").fetchone()[0])
    except sqlite3.Error:
        return 0


RUN = """
import multiprocessing, sys, time
from scrub import java
from scrub.spin.languagetool import install, server
kept = server._launch(java.find().path, install.server_jar(), server._free_port(), quick=True)
if len(sys.argv) > 1:  # a worker that holds the same pipe and outlives us
    multiprocessing.get_context("fork").Process(target=time.sleep, args=(20,)).start()
print("started", flush=True)
time.sleep(600)
"""


@pytest.mark.java
@pytest.mark.parametrize("how", ["run with a worker", "guard"])
def test_no_server_outlives_its_run(installed: None, how: str) -> None:
    arguments = ["worker"] if how == "run with a worker" else []
    with subprocess.Popen([sys.executable, "-c", RUN, *arguments], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"started\n"
        while not (found := javas(run.pid)):
            assert run.poll() is None
            time.sleep(0.02)
        (java,), others = found, psutil.Process(run.pid).children(recursive=True)
        if how == "guard":
            java.parent().kill()
        else:
            run.kill()
        assert gone(java)
        run.kill()
        for process in others:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


CHECK = """
import sys
from pathlib import Path
from scrub.config import LanguageToolSettings
from scrub.spin.languagetool import check_sentences, checker
checker._REQUEST = 500
sentences = [f"In town {n} the police blamed a groups for it." for n in range(5_000)]
check_sentences(sentences, LanguageToolSettings(url=sys.argv[2]), cache=Path(sys.argv[1]))
"""


@contextlib.contextmanager
def checking(tmp_path: Path, url: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process that has much to ask, until Ctrl-C, which it is to obey at once."""
    command = [sys.executable, "-c", CHECK, str(tmp_path / "c"), url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:
        try:
            yield run
            run.send_signal(signal.SIGINT)
            begin = time.monotonic()
            _, said = run.communicate(timeout=promised(20))
            assert time.monotonic() - begin < promised(2)
            assert said.rstrip().endswith("KeyboardInterrupt")
        finally:
            run.kill()


@pytest.mark.slow
@pytest.mark.java
def test_ctrl_c_while_it_works(installed: None, tmp_path: Path) -> None:
    with checking(tmp_path) as run:
        while answers_known(tmp_path) == 0:
            assert run.poll() is None
            time.sleep(0.02)
        (java,) = javas(run.pid)
    assert gone(java, 1)


def test_ctrl_c_while_a_distant_server_takes_its_time(tmp_path: Path) -> None:
    leaving = threading.Event()

    def slow(text: str) -> Answer:
        leaving.wait(30)
        return answer()

    with serving(slow) as (settings, sent):
        with checking(tmp_path, settings.url) as run:
            while not sent:
                assert run.poll() is None
                time.sleep(0.02)
        leaving.set()
