"""How a command ends: its exit code, and what is said of whatever stopped it."""

from __future__ import annotations

import errno
import io
import json
import logging
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Self


class Closed(io.TextIOBase):
    """A stream that was closed before the program began: who reads or writes it learns that."""

    def __init__(self, stream: str) -> None:
        """`stream` is its name in `sys`."""
        self._stream = stream

    @property
    def buffer(self) -> Self:
        """Itself, for bytes."""
        return self

    def read(self, size: int | None = -1, /) -> str:
        """Raises OSError."""
        raise self._error()

    def write(self, text: object, /) -> int:
        """Raises OSError."""
        raise self._error()

    def _error(self) -> OSError:
        return OSError(errno.EBADF, f"{self._stream} is closed")


def status(command: Callable[[], object]) -> int:
    """Run a command and return its exit code.

    0: done; 1: done, with something left out or found; 2: error; 3: done, and there are new copies
    (`--fail-on copies`); 130: stopped by Ctrl-C.

    Every error is a message on stderr; one that scrub did not foresee comes with its traceback.
    """
    from scrub.errors import ScrubError
    from scrub.process import drop_output

    try:
        try:
            command()
        except SystemExit as stop:
            if isinstance(stop.__context__, BrokenPipeError):
                raise BrokenPipeError from None
            sys.stdout.flush()
            if stop.code == 130:
                raise KeyboardInterrupt from None
            return int(stop.code or 0)
    except ScrubError as error:
        say(str(error))
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        drop_output()  # what is still buffered would fail again at exit
        return 0
    except Exception as error:
        if _began_as_interrupt(error):
            return _stopped()
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            say("too many files are open; `ulimit -n 1024` allows more")
            return 2
        if "can't start new thread" in str(error):
            say("no more processes or threads can be started; a limit of the system (ulimit -u, a "
                "control group) holds, or there is no memory: -j 1 needs the fewest")  # fmt: skip
            return 2
        if _is_want_of_memory(error):
            say("out of memory; fewer processes (-j 1) or fewer documents at a time need less")
            return 2
        if isinstance(error, OSError) and error.errno == errno.EBADF and error.filename is None:
            say(f"{error.strerror}, and what belongs there is lost")
            return 2
        if _is_want_of_room(error):
            say(
                f"{error}: no room for what a run keeps for a while in its output folder or in "
                f"{tempfile.gettempdir()}; make room and run again, nothing was replaced"
            )
            return 2
        traceback.print_exc()
        say(f"this is a fault of scrub, please report it with the lines above: {error!r}")
    return 2


def _stopped() -> int:
    say("stopped; run the same command to start again")
    return 130


def _began_as_interrupt(error: BaseException | None) -> bool:
    # Ctrl-C inside a compiled function comes out as the SystemError of whoever had called it.
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _is_want_of_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or (
        isinstance(error, OSError) and error.errno == errno.ENOMEM
    )


def _is_want_of_room(error: Exception) -> bool:
    # numpy says how much it could write, and gives no number.
    return isinstance(error, OSError) and (
        error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "requested and" in str(error)
    )


_in_json = False


def tell_in_json() -> None:
    """From now on all that is said on stderr is one JSON object a line, each with its `event`."""
    global _in_json
    _in_json = True
    handler = logging.StreamHandler()
    handler.emit = lambda record: say(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("scrub").addHandler(handler)


def tell(event: str, **about: object) -> None:
    """Write an event to stderr."""
    print(json.dumps({"event": event, **about}, ensure_ascii=False), file=sys.stderr, flush=True)


def say(message: str) -> None:
    """Tell the person on stderr, one `scrub:` line for each line, whatever the text holds."""
    from scrub.cli.annotations import printable

    for line in message.splitlines():
        if _in_json:
            tell("message", text=printable(line.removeprefix("scrub: ")))
        else:
            print(f"scrub: {printable(line)}", file=sys.stderr)
