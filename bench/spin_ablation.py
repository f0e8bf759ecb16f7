"""What each kind of evidence adds: near5k, near5k with siblings taken out, and the spun seed.

    python bench/spin_ablation.py

Runs scrub with one kind after the other switched off and writes `spin_ablation.md` into
`bench/results/`: precision and recall on content words, and on the sure rows of the seed's spans.
About twenty runs, five minutes on two cores.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from environment import RESULTS
from figures import NO_JAVA, alone, seeds, spun_words
from labelled import Labelled, scrub

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("siblings", "lexicon", "context", "phrases")
NOTES = """
Precision / recall on content words within the spun documents of near5k; within those of half of its
clusters, alone, while the other half teaches; and on the sure rows of the spun seed.

"Without siblings" also teaches no lexicon; in a dropped copy only siblings are asked for words, so
that nearly all of near5k's are then passed over.  The default lexicon of general rows adds nothing
here: it is for a user whose texts have no copies (its phrases) and for a folder whose articles were
exchanged.  Known phrases are given by the user, so none are here.
"""


def ways() -> dict[str, tuple[str, ...]]:
    """The options of each run, by what it shows."""

    def only(*kinds: str) -> tuple[str, ...]:
        return (*NO_JAVA, "--set", f"spin.evidence={json.dumps(list(kinds))}")

    without = {
        f"without {kind}": only(*(k for k in KINDS if k != kind))
        for kind in ("siblings", "lexicon", "context")
    }
    return {
        "all, with LanguageTool": (),
        "all but LanguageTool": NO_JAVA,
        **without,
        "without the default lexicon": (*NO_JAVA, "--set", "spin.default_lexicon=false"),
        "siblings only": only("siblings"),
        "context only": only("context"),
    }


def measure(options: tuple[str, ...], work: Path) -> list[float]:
    """Precision and recall of three tasks under some options."""
    data, out = Labelled("near5k"), work / "out"
    scrub("run", data.documents, "-o", out, *options)
    together = spun_words(data, out, work)
    apart = alone(data, work, *options)
    seed = seeds(ROOT / "seeds", work, *options)
    names = ("content_precision", "content_recall")
    words = [figures[f"all.{name}"] for figures in (together, apart) for name in names]
    return [*words, seed["all.high.precision"], seed["all.high.recall"]]


def main() -> None:
    """Measure every way and write the table."""
    lines = [
        "# What each kind of evidence adds",
        "",
        f"{os.cpu_count()} cores, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}.",
        NOTES,
        "| evidence | near5k, all spun | near5k, spun alone | seed 002 |",
        "|---|---|---|---|",
    ]
    for name, options in ways().items():
        with tempfile.TemporaryDirectory() as folder:
            found = [f"{value:.3f}" for value in measure(options, Path(folder))]
        pairs = (" / ".join(found[k : k + 2]) for k in (0, 2, 4))
        pairs = ("-" if pair == "0.000 / 0.000" else pair for pair in pairs)
        lines.append(f"| {name} | {' | '.join(pairs)} |")
    (RESULTS / "spin_ablation.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
