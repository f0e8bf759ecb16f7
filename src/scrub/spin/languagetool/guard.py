"""Runs a command for exactly as long as the process that wanted it lives.

    python guard.py PARENT_PID COMMAND...

Started with a pipe as standard input, which the parent keeps open and never writes to.  When the
parent ends, however it ends (SIGKILL included), the system closes the pipe and the command is
killed.  A child that the parent forked may hold the pipe open longer than the parent lives, so
the parent's id is looked at too.  Should this process itself be killed, Linux kills the command
(PR_SET_PDEATHSIG).  Standard library only: it runs isolated, without site-packages.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> int:
    """Run `command` until it ends or `parent` is gone; its exit code."""
    child = subprocess.Popen(  # noqa: S603 - what the parent asked for
        command,
        stdin=subprocess.DEVNULL,
        # Safe here: this process has one thread, and it is the one that stays.
        preexec_fn=_end_with_parent() if sys.platform == "linux" else None,
    )
    gone = threading.Event()
    threading.Thread(target=_wait_for_end, args=(gone,), daemon=True).start()
    try:
        while child.poll() is None and not gone.wait(0.1) and os.getppid() == parent:
            pass
    finally:
        child.kill()
        code = child.wait()
    return code if code >= 0 else 128 - code


def _wait_for_end(gone: threading.Event) -> None:
    os.read(0, 1)
    gone.set()


def _end_with_parent() -> Callable[[], None]:
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the arrangement was made
            os._exit(1)

    return arrange


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
