"""Clean a folder of scraped news, find every copy in it, machine-spun ones included.

>>> import scrub
>>> scrub.clean("Prices rose by 5 %.\\r\\n\\r\\n\\r\\nAnalysts agreed.").text
'Prices rose by 5 %.\\n\\nAnalysts agreed.'
"""

# First, or its later import would hide the function `clean`.
import scrub.clean as _cleaning  # noqa: F401
from scrub.api import RunResult, check, clean, find_duplicates, load, run

__all__ = ["RunResult", "check", "clean", "find_duplicates", "load", "run"]
