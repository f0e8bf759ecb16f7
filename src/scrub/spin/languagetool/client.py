"""The one place that talks to LanguageTool, through language-tool-python (GPL-3.0-only).

Imported only when a sentence is sent, so that nothing else of scrub loads that library.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from language_tool_python import LanguageTool
from language_tool_python.exceptions import LanguageToolError

from scrub.spin.languagetool.answers import Match

LANGUAGE = "en-US"
# Set by hand.
_MAX_ANSWER = 64 * 1024 * 1024
_REASONS = (
    "connection refused", "name or service not known", "network is unreachable",
    "connection reset", "timed out",
)  # fmt: skip


class UnreachableError(Exception):
    """Nothing answers at the server's address."""


class RefusedError(Exception):
    """The server answered that it would not check this text (too long, too slow, too many)."""


class NotLanguageToolError(Exception):
    """What answers is no LanguageTool server."""


class Client(LanguageTool):
    """A connection to a server; each thread has its own.

    The library makes the requests and reads the answers; this class replaces how they travel.
    Its own transport opens a connection for every text, obeys the proxies of the environment and
    follows redirects, so that text could go to another place than the one configured, and waits
    five minutes for an answer.
    """

    _server = None  # the library's `__del__` looks at it, even after an `__init__` that failed

    def __init__(self, url: str, rules: Sequence[str], *, seconds: float = 60.0) -> None:
        """Connect to the server at `url`, to check with `rules` alone.

        `seconds` is how long an answer may take.  Raises UnreachableError and NotLanguageToolError.
        """
        base = base_url(url)
        self._session = requests.Session()
        self._session.trust_env = False
        self._seconds = seconds
        self.server_version = ""
        try:
            super().__init__(LANGUAGE, remote_server=base)
        except (LanguageToolError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise NotLanguageToolError(str(error)) from error
        self.enabled_rules = set(rules)
        self.enabled_rules_only = True

    def find(self, text: str) -> list[Match]:
        """The errors in a text of the Basic Multilingual Plane, in the order of the text.

        LanguageTool counts UTF-16 units, of which other characters take two; without them its
        counts are code points, also while threads share the library's table of such characters.
        Raises UnreachableError, RefusedError and NotLanguageToolError.
        """
        if any(character > "\uffff" for character in text):
            raise ValueError("a character outside the Basic Multilingual Plane")
        try:
            matches = [
                Match(
                    match.rule_id,
                    match.offset,
                    match.offset + match.error_length,
                    (match.replacements or [""])[0],
                )
                for match in self.check(text)
            ]
        except (LanguageToolError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise NotLanguageToolError(
                f"its answer is not LanguageTool's: {type(error).__name__}: {error}"[:200]
            ) from error
        if any(not 0 <= match.start < match.end <= len(text) for match in matches):
            raise NotLanguageToolError("it reports errors outside the text")
        return matches

    def close(self) -> None:
        """Close the connection; the server stays."""
        self._session.close()

    def _query_server(
        self,
        url: str,
        params: dict[str, str] | None = None,
        num_tries: int = 2,
        method: Literal["get", "post"] = "get",
    ) -> Any:  # noqa: ANN401 - JSON
        end = time.monotonic() + self._seconds
        body = bytearray()
        try:
            with self._session.request(
                method,
                url,
                data=params,
                timeout=(5.0, self._seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                status = response.status_code
                for chunk in response.iter_content(65536):
                    body += chunk
                    if len(body) > _MAX_ANSWER:
                        raise NotLanguageToolError(
                            f"its answer is longer than {_MAX_ANSWER:,} bytes"
                        )
                    if time.monotonic() > end:
                        raise requests.Timeout
        except requests.Timeout as error:
            raise RefusedError(f"no answer within {self._seconds:.0f} s") from error
        except requests.RequestException as error:
            raise UnreachableError(_reason(error)) from error
        if status != 200:
            detail = body[:200].decode("utf-8", "replace").strip()
            if status in (400, 413, 426, 429) or status >= 500:
                raise RefusedError(f"HTTP {status}: {detail}")
            raise NotLanguageToolError(f"HTTP {status}")
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise NotLanguageToolError("its answer is not JSON") from error
        if isinstance(answer, dict):
            if isinstance(software := answer.get("software"), dict):
                self.server_version = str(software.get("version", ""))
            if isinstance(warnings := answer.get("warnings"), dict) and warnings.get(
                "incompleteResults"
            ):
                raise RefusedError("it checked only a part")
        return answer


def base_url(url: str) -> str:
    """The address that `v2/check` is appended to, from what a user may write.

    Raises NotLanguageToolError where it is no http or https address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotLanguageToolError("not an address like http://localhost:8081")
    return url.rstrip("/").removesuffix("/v2").rstrip("/") + "/"


def _reason(error: Exception) -> str:
    text = str(error).lower()
    return next((reason for reason in _REASONS if reason in text), type(error).__name__)
