"""Clean a folder of scraped news, find every copy in it, machine-spun ones included.

>>> import scrub
>>> scrub.clean("Prices rose by 5 %.\\r\\n\\r\\n\\r\\nAnalysts agreed.").text
'Prices rose by 5 %.\\n\\nAnalysts agreed.'
"""

# First, or its later import would hide the function `clean`.
import scrub.clean as _cleaning  # noqa: F401
import scrub.errors as _errors  # noqa: F401 - for `except scrub.errors.InputError`
from scrub.api import RunResult, check, clean, compare, copies, find_duplicates, load, run
from scrub.process import without_local_settings as _without_local_settings

_without_local_settings()


def __getattr__(name: str) -> str:
    """`scrub.__version__`, looked up when it is asked for."""
    if name == "__version__":
        from scrub.distribution import version

        return version()
    raise AttributeError(f"module 'scrub' has no attribute {name!r}")


__all__ = ["RunResult", "check", "clean", "compare", "copies", "find_duplicates", "load", "run"]
