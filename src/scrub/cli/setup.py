"""`scrub setup`: fetches, once, what cannot come with the package: LanguageTool."""

from __future__ import annotations

from collections.abc import Callable

from scrub import java
from scrub.config import Settings
from scrub.errors import MissingPartError
from scrub.pipeline import compile_all
from scrub.spin.languagetool import install


def setup(*, log: Callable[[str], object]) -> None:
    """Make LanguageTool ready for use, and say in `log`, line by line, what is there or fetched.

    What an earlier set-up fetched is used again after its digests were compared.  Raises
    MissingPartError, with the command that mends it, where there is no Java or no source of
    LanguageTool is reached.
    """
    found = java.find()
    if found is None:
        old = ", ".join(f"Java {each.version} at {each.path}" for each in java.candidates())
        raise MissingPartError(f"{f'{old} is too old' if old else 'no Java'}: {java.REMEDY}")
    log(f"Java {found.version} from {found.origin}: {found.path}")
    if damaged := install.damage(deep=True):
        log(f"{install.folder()} is damaged ({damaged[0]}) and is fetched again")
    install.fetch(found, log)
    origin = install.source() or "not fetched by scrub, used as it is"
    log(f"LanguageTool {install.VERSION} ({origin}): {install.folder()}")
    log("compiling the kernels that are not compiled yet")
    compile_all(Settings())
