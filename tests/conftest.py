"""What the tests share: the seeds, the labelled data, a LanguageTool server."""

from __future__ import annotations

import os
import signal
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

# How long an example takes says more of what else the machine does.
settings.register_profile(
    "busy", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy")

# A shell that starts the tests in the background has Ctrl-C ignored, by whatever they start, too.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def no_power_cut() -> Iterator[None]:
    """Do not wait for the disk: no test cuts the power, and a killed process loses no write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: os.fstat(descriptor) and None)
        yield


@pytest.fixture(scope="module")
def one_worker() -> Iterator[None]:
    """Pages and tables of a file's tests go to one process each: a start takes as long as 100."""
    from scrub.config import ReadSettings
    from scrub.read import reader, record
    from scrub.read.apart import Worker
    from scrub.read.html import Extractors

    pages, tables = Extractors(ReadSettings().html_seconds, 1), Worker(quiet=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "close", lambda: None)
        patch.setattr(reader, "Extractors", lambda seconds, jobs: pages)
        patch.setattr(record, "Worker", lambda quiet: tables)
        patch.setattr(reader, "closing", lambda it: (nullcontext if it is tables else closing)(it))
        yield
    pages.close()
    tables.close()


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not (SHARED / "eval").is_dir():
        pytest.skip("the labelled data is not at ../shared/eval")
    return SHARED


@pytest.fixture(scope="session")
def installed() -> None:
    """LanguageTool is on this machine; it is fetched where it was not there."""
    from scrub.cli.setup import setup

    setup(log=print)


@pytest.fixture(scope="session")
def languagetool(installed: None) -> Iterator[str]:
    """The address of a real LanguageTool server."""
    from scrub.spin.languagetool.server import Server

    with closing(Server()) as server:
        yield server.url
