"""Asks LanguageTool about sentences: the cache first, then a server by several clients."""

from __future__ import annotations

import os
import re
import time
from contextlib import closing
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from scrub.caches import cache_folder
from scrub.document import LanguageToolReport
from scrub.errors import MissingPartError
from scrub.spin.languagetool import server
from scrub.spin.languagetool.answers import Match
from scrub.spin.languagetool.cache import SentenceCache
from scrub.spin.languagetool.rules import RULES
from scrub.spin.languagetool.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from scrub.config import LanguageToolSettings

# Characters sent at a time: enough that the journey does not count, an answer within a second.
# Set by hand.
_REQUEST = 8_000
# A longer "sentence" is no prose; it is not sent.
_LONGEST = 5_000
_SECONDS = 30.0
_MAX_CLIENTS = 4

# Exchanged one for one, so that offsets stay: LanguageTool counts UTF-16 units, passes over some
# invisible characters, and takes two line breaks for the end of a sentence.
_SPACE = re.compile(r"\s")
_ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ud800-\udfff\U00010000-\U0010ffff]"
)


def check_sentences(
    sentences: Sequence[str],
    settings: LanguageToolSettings,
    rules: Sequence[str] = RULES,
    *,
    cache: Path | None = None,
    own: str = "",
    seconds: float = _SECONDS,
) -> tuple[list[list[Match]], LanguageToolReport]:
    """What LanguageTool finds in each sentence by `rules`, and what was done to know it.

    The rules must be of the kind that looks at one sentence at a time; then neither order nor
    neighbours change an answer.  `cache` is the file of known answers (default: in the cache
    folder); a server is started, or that of `settings.url` asked, only for sentences that are not
    in it; `own` is the address of one that was started before, as this would be.  `seconds` is
    how long one answer may take.  Nothing is raised where LanguageTool is missing or fails:
    sentences without an answer have no matches, and the report says why.
    """
    begin = time.monotonic()
    report = LanguageToolReport(outcome="done")
    plain = [_ODD.sub("\u25a1", _SPACE.sub(" ", sentence)) for sentence in sentences]
    wanted = list(dict.fromkeys(text for text in plain if text and not text.isspace()))
    report.sentences = len(wanted)
    answers: dict[str, list[Match]] = {}
    reason = ""
    if wanted:
        path = cache or cache_folder() / "languagetool-answers.sqlite"
        try:
            with closing(Service(settings.url or own, rules, seconds)) as service:
                report.version = service.version
                with closing(SentenceCache(path, _context(service, settings, rules))) as known:
                    answers = known.get(wanted)
                    report.cached = len(answers)
                    todo = [t for t in wanted if t not in answers and len(t) <= _LONGEST]
                    try:
                        for found in _ask(todo, service):
                            known.put(found)
                            answers.update(found)
                    finally:
                        report.requests, report.restarts = service.requests, service.restarts
                        report.cache = known.problem
                reason = service.stopped
        except MissingPartError as error:
            reason = str(error)
        report.unchecked = len(wanted) - len(answers)
        if reason:
            report.outcome = f"partial: {reason}" if answers else f"skipped: {reason}"
    report.seconds = round(time.monotonic() - begin, 3)
    return [answers.get(text, []) for text in plain], report


def problem(settings: LanguageToolSettings) -> str:
    """Why LanguageTool cannot be used, with the remedy, in one line; empty where it can.

    Asks the server of `settings.url` for its version; without one, looks for Java and LanguageTool.
    """
    if settings.scope == "off":
        return ""
    if not settings.url:
        return server.missing()
    try:
        with closing(Service(settings.url, RULES, _SECONDS)):
            return ""
    except MissingPartError as error:
        return str(error)


def _context(service: Service, settings: LanguageToolSettings, rules: Sequence[str]) -> str:
    """All that decides an answer besides the sentence."""
    return f"{settings.url}|{service.version}|{','.join(sorted(rules))}"


def _ask(texts: Sequence[str], service: Service) -> Iterator[dict[str, list[Match]]]:
    """Answers batch by batch, in the order in which they come."""
    if not texts:
        return
    service.start(sum(map(len, texts)))
    batches = list(_batches(texts))
    supply = iter(batches)
    answers: SimpleQueue[dict[str, list[Match]] | Exception] = SimpleQueue()

    def work() -> None:
        try:
            for batch in supply:  # each thread takes the next one
                answers.put(service.find(batch))
        except Exception as error:
            answers.put(error)

    for _ in range(min(_MAX_CLIENTS, os.cpu_count() or 1)):
        # Nobody waits for these threads: after Ctrl-C a distant server may be long in answering.
        Thread(target=work, name="languagetool", daemon=True).start()
    for _ in batches:
        answer = answers.get()
        if isinstance(answer, Exception):
            raise answer
        yield answer


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _REQUEST:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch
