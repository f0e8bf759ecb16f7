"""A Spark master that is none: it gets no text, and the run ends with one line of ours."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from scrub import java

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.timeout(900)]


def test_what_answers_nonsense_gets_no_text(tmp_path: Path) -> None:
    """Spark asks it for a minute, and more on a busy machine."""
    pytest.importorskip("pyspark")
    if java.find() is None:
        pytest.skip(java.REMEDY)
    (tmp_path / "a.txt").write_text("It rained on the quay all day, and nobody came. " * 9)
    heard: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # Spark hangs up
            connection.sendall(b"\xff" * 9999)
            while data := connection.recv(1 << 16):
                heard.append(data)

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:  # closed
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        master = f"spark://127.0.0.1:{server.getsockname()[1]}"
        paths = str(tmp_path / "a.txt"), "-o", str(tmp_path / "out")
        done = subprocess.run(
            [sys.executable, "-P", "-m", "scrub", "dedup", *paths, "--master", master],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"scrub: Spark cannot be started on {master}"), done.stderr
    assert "Traceback" not in done.stderr
    assert heard
    assert b"rained" not in b"".join(heard)
    assert not (tmp_path / "out" / "run.json").exists()
