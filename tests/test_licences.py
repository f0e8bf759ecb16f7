"""What a plain installation brings may be combined with GPL-3.0-or-later."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement

# As SPDX expressions and classifiers name them.
COMPATIBLE = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause",
    "CC0-1.0", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.1-or-later", "MIT", "MIT-CMU",
    "MPL-2.0", "PSF-2.0", "Zlib",
    "Apache Software License", "BSD License", "ISC License (ISCL)", "MIT License",
    "Mozilla Public License 2.0 (MPL 2.0)", "Python Software Foundation License",
}  # fmt: skip
# Not compatible by themselves; docs/reference/dependencies.md says why they may be installed.
KNOWN = {"regex": {"CNRI-Python"}}


def installed_with(name: str) -> dict[str, Distribution]:
    """A package and all that it requires here, without extras that nobody asks for."""
    found: dict[str, Distribution] = {}
    waiting = [(name, frozenset[str]())]
    done = set()
    while waiting:
        wanted = waiting.pop()
        if wanted in done:
            continue
        done.add(wanted)
        package, extras = wanted
        found[package] = distribution(package)
        for line in found[package].requires or ():
            needed = Requirement(line)
            marker = needed.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in ("", *extras)):
                waiting.append((needed.name.lower(), frozenset(needed.extras)))
    return found


def licences(package: Distribution) -> list[set[str]]:
    """The licences to be met: of each set one is enough."""
    metadata = package.metadata
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved ::")
    ]
    about = metadata.json
    expression = about.get("license_expression")
    if classifiers and not expression:
        return [{name} for name in classifiers]
    plain = str(expression or about.get("license")).replace("(", "").replace(")", "")
    return [set(re.split(r"\s+OR\s+", part)) for part in re.split(r"\s+AND\s+", plain)]


def test_every_licence_fits_ours() -> None:
    packages = installed_with("scrub-corpus")
    assert len(packages) > 30  # indirect ones are seen
    wrong = {
        name: choice
        for name, package in packages.items()
        for choice in licences(package)
        if not choice & (COMPATIBLE | KNOWN.get(name, set()))
    }
    assert not wrong
