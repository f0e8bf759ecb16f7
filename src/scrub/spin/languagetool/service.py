"""The LanguageTool that a run asks: a server of its own, started again once, or that of a URL."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from scrub.errors import MissingPartError
from scrub.spin.languagetool import install
from scrub.spin.languagetool.answers import Match
from scrub.spin.languagetool.server import Server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrub.spin.languagetool.client import Client

# Texts refused one after the other until we stop asking.  Set by hand.
_PATIENCE = 8
_PAUSE = 1.0  # seconds until a lost server of a URL is asked once more

_BETWEEN = "\n\n"  # ends a sentence for LanguageTool, whatever stands before it


class Service:
    """Answers about batches of sentences, from any number of threads.

    `stopped` says why nothing is asked any more, and is empty as long as all is well; `version`
    is LanguageTool's; `requests` and `restarts` count texts sent and servers started again.
    """

    def __init__(self, url: str, rules: Sequence[str], seconds: float) -> None:
        """Use the server at `url`, or one of our own where that is empty.

        Raises MissingPartError, naming the address and the reason, where a given server cannot be
        used.  Our own is started by `start`.
        """
        self.stopped = ""
        self.requests = 0
        self.restarts = 0
        self._url = url
        self._rules = rules
        self._seconds = seconds
        self._server: Server | None = None
        self._characters = 0
        self._generation = 0  # of the server; each thread has a client of one generation
        self._refused = 0
        self._lock = threading.Lock()
        self._leaving = threading.Event()
        self._clients: list[Client] = []
        self._mine = threading.local()
        self.version = self._ask_version() if url else install.VERSION

    def start(self, characters: int) -> None:
        """Start our own server for about so many characters; raises MissingPartError."""
        self._characters = characters
        if not self._url:
            self._server = Server(characters, leaving=self._leaving)

    def close(self) -> None:
        """End our server and every connection; threads that wait for an answer return at once."""
        self._leaving.set()
        self._stop("interrupted")
        with self._lock:
            if self._server is not None:
                self._server.close()
            for client in self._clients:
                client.close()

    def find(self, batch: Sequence[str]) -> dict[str, list[Match]]:
        """The answers for different sentences of the Basic Multilingual Plane, by sentence.

        Sentences that the server refuses are left out, and all of them once it is `stopped`.
        Raises MissingPartError where our server ended and cannot be started again.
        """
        from scrub.spin.languagetool.client import (
            NotLanguageToolError,
            RefusedError,
            UnreachableError,
        )

        for last in (False, True):
            if self.stopped:
                break
            generation = self._generation
            try:
                matches = self._client().find(_BETWEEN.join(batch))
            except UnreachableError as error:
                self._lost(generation, str(error), last=last)
                continue
            except NotLanguageToolError as error:
                self._stop(f"{self._url or 'LanguageTool'}: {error}")
                break
            except RefusedError as error:
                self._count(error)
                if len(batch) == 1:
                    break
                # One sentence may be too much for the rules; the others need not suffer.
                half = len(batch) // 2
                return self.find(batch[:half]) | self.find(batch[half:])
            self._count(None)
            return _by_sentence(batch, matches)
        return {}

    def _client(self) -> Client:
        """This thread's client of the server that runs now."""
        from scrub.spin.languagetool.client import Client, UnreachableError

        with self._lock:
            generation = self._generation
            url = self._server.url if self._server else self._url
            if self._server and not self._server.alive:  # its port may be another program's now
                raise UnreachableError("it has ended")
        if getattr(self._mine, "generation", None) != generation:
            self._mine.client = Client(url, self._rules, seconds=self._seconds)
            self._mine.generation = generation
            self._clients.append(self._mine.client)
        return self._mine.client

    def _lost(self, generation: int, why: str, *, last: bool) -> None:
        """After a lost connection: start our server again, once; give that of a URL a second."""
        if self._url:
            if last:
                self._stop(f"{self._url}: {why}")
            else:
                self._leaving.wait(_PAUSE)
            return
        with self._lock:
            if self.stopped or generation != self._generation:
                return  # another thread has seen to it
            if self.restarts:
                self._stop("LanguageTool ended twice")
                return
            self.restarts += 1
            self._generation += 1
            if self._server is not None:
                self._server.close()
            self._server = Server(self._characters, leaving=self._leaving)

    def _count(self, refusal: Exception | None) -> None:
        with self._lock:
            self.requests += 1
            self._refused = self._refused + 1 if refusal else 0
            if self._refused >= _PATIENCE:
                self._stop(f"LanguageTool refuses texts: {refusal}")

    def _stop(self, reason: str) -> None:
        self.stopped = self.stopped or reason

    def _ask_version(self) -> str:
        from scrub.spin.languagetool import client

        try:
            found = client.Client(self._url, self._rules, seconds=self._seconds)
            self._clients.append(found)
            found.find("scrub")  # any answer names the version
        except (client.UnreachableError, client.RefusedError, client.NotLanguageToolError) as error:
            raise MissingPartError(
                f"LanguageTool at {self._url} cannot be used: {error}"
            ) from error
        return found.server_version


def _by_sentence(batch: Sequence[str], matches: Sequence[Match]) -> dict[str, list[Match]]:
    """Share the matches of a joined text out; one that reaches over a border belongs to none."""
    answers = {}
    start = 0
    for text in batch:
        end = start + len(text)
        answers[text] = [
            Match(match.rule, match.start - start, match.end - start, match.replacement)
            for match in matches
            if start <= match.start and match.end <= end
        ]
        start = end + len(_BETWEEN)
    return answers
