"""One LanguageTool server on this machine, which never outlives the run that started it."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path

from scrub import java
from scrub.caches import cache_folder
from scrub.errors import MissingPartError
from scrub.spin.languagetool import install

# Set by hand.
START_SECONDS = 60.0
_ATTEMPTS = 5  # ports taken by somebody else between our look and the server's start
_HEAP = "1g"

# Below this many characters Java's quick compiler is done before its thorough one pays.
LARGE = 1_000_000


class Server:
    """A running server; `url` is where it listens, on 127.0.0.1 and nowhere else.

    language-tool-python can start servers too, but they outlive a run that is killed, they always
    use the first `java` of `PATH`, and their memory cannot be limited.
    """

    def __init__(
        self,
        characters: int = 0,
        *,
        start_seconds: float = START_SECONDS,
        leaving: threading.Event | None = None,
    ) -> None:
        """Start a server, for about so many characters, and wait until it answers.

        Raises MissingPartError where Java or LanguageTool is missing, where the server does not
        answer within `start_seconds` (the message has what it said), or as soon as `leaving` is
        set.
        """
        found, jar = java.find(), install.server_jar()
        if found is None or jar is None:
            raise MissingPartError(missing())
        deadline = time.monotonic() + start_seconds
        self._leaving = leaving or threading.Event()
        for _ in range(_ATTEMPTS):
            port = _free_port()
            self.url = f"http://127.0.0.1:{port}"
            self._output: deque[str] = deque(maxlen=20)
            self._process = _launch(found.path, jar, port, quick=characters < LARGE)
            self._listener = threading.Thread(target=self._listen, daemon=True)
            self._listener.start()
            try:
                if self._answers(port, deadline):
                    return
            except BaseException:
                self.close()
                raise
            ended = not self.alive
            self.close()
            if not any(
                "BindException" in line or "already in use" in line for line in self._output
            ):
                break
        detail = next(
            (line for line in self._output if "Exception" in line or "Error" in line),
            "it said nothing",
        )
        what = "ended at its start" if ended else f"did not answer within {start_seconds:.0f} s"
        raise MissingPartError(f"LanguageTool {what}: {detail}")

    @property
    def alive(self) -> bool:
        """Whether the server's process is running."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server; it is gone when this returns.  A second time does nothing."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            # A word, because a forked child of ours may hold the pipe open.
            self._process.stdin.write(b".")
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # the guard hangs; on Linux the server ends with it
            self._process.kill()
            self._process.wait()
        self._listener.join(timeout=5)

    def _listen(self) -> None:
        """Take what the server says, so that it never waits for us; keep the last lines."""
        stream = self._process.stdout
        assert stream is not None
        with contextlib.suppress(ValueError), stream:
            for line in stream:
                self._output.append(line.decode("utf-8", "replace").strip())

    def _answers(self, port: int, deadline: float) -> bool:
        while self.alive and time.monotonic() < deadline and not self._leaving.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            try:
                connection.request("GET", "/v2/healthcheck")
                # Another program may sit on the port, which would get our texts; ours ends then.
                answered = connection.getresponse().status == http.client.OK
                if answered and listens(self._process.pid, port):
                    return True
                time.sleep(0.05)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()
        return False


def listens(pid: int, port: int) -> bool:
    """Whether a process, or one below it, listens on a port of this machine."""
    import psutil  # comes with language-tool-python

    try:
        root = psutil.Process(pid)
        sockets = [
            socket
            for process in (root, *root.children(recursive=True))
            for socket in process.net_connections("tcp")
        ]
    except psutil.Error:  # it has just ended
        return False
    return any(s.status == psutil.CONN_LISTEN and s.laddr.port == port for s in sockets)


def missing() -> str:
    """Why no server can be started on this machine, with the remedy, in one line; else empty."""
    if java.find() is None:
        return f"no Java {java.OLDEST} or newer: {java.REMEDY}"
    try:
        jar = install.server_jar()
    except MissingPartError as error:
        return str(error)
    return (
        ""
        if jar
        else f"no LanguageTool {install.VERSION} in {install.folder().parent}: run `scrub setup`"
    )


def _launch(executable: Path, jar: Path, port: int, *, quick: bool) -> subprocess.Popen[bytes]:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # it is a place to be in and, if need be, to crash in
        folder = Path(tempfile.gettempdir())
    server = [
        str(executable),
        f"-Xmx{_HEAP}",
        "-XX:+UseSerialGC",
        *(["-XX:TieredStopAtLevel=1"] if quick else []),
        "-XX:+ExitOnOutOfMemoryError",  # a server that is half dead would answer wrongly
        # Nothing is written outside our own folder, not even when it crashes.
        "-XX:-UsePerfData",
        "-XX:-CreateCoredumpOnCrash",
        f"-XX:ErrorFile={folder / 'languagetool-crash.log'}",
        "-Djava.awt.headless=true",
        "-cp",
        str(jar),
        "org.languagetool.server.HTTPServer",
        "--port",
        str(port),
    ]
    guard = Path(__file__).with_name("guard.py")
    return subprocess.Popen(  # noqa: S603 - commands made above
        [sys.executable, "-I", "-S", str(guard), str(os.getpid()), *server],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for the run, which then closes the server in order
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
