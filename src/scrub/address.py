"""Where inputs and results are: a path of this machine, or an address that Spark opens."""

from __future__ import annotations

import os
from pathlib import Path


class Address(str):
    """A place on a filesystem that Hadoop has a name for, such as `hdfs:///articles`.

    >>> Address("s3a://bucket/out") / "run.json"
    's3a://bucket/out/run.json'
    """

    __slots__ = ()

    def __truediv__(self, name: str) -> Address:
        """What is called `name` in it."""
        return Address(f"{self.rstrip('/')}/{name}")


def place(given: str | Path) -> Path | Address:
    """An address where a scheme says so, else a path.

    >>> type(place("file:///tmp/in")).__name__, place("in").name
    ('Address', 'in')
    """
    text = os.fspath(given)
    return Address(text) if "://" in text else Path(text)
