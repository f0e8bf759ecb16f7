"""A finished output folder, written by hand for the tests of the report.

The seeds are in it (002 kept and spun, 003 its excerpt), and documents that try to break out of
the page.  The tables go through scrub's own writers, so what is escaped there is escaped here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from scrub.spin.align import align
from scrub.write import tables
from scrub.write.record import Counts

SEEDS = Path(__file__).parent.parent / "seeds"
SPUN = "002_206a0ed18338637d.txt"
EXCERPT = "003_972121af381d4f6b.txt"

HARBOUR = (
    "The harbour office of Port Ellery said on Monday that three ferries would sail again.\n\n"
    "Repairs to the northern quay took eleven weeks, two more than the engineers had planned.\n\n"
    "Passengers who hold season tickets will be paid back for the days without a crossing."
)
# Each of these is a way out of a page that forgets to escape once.
_SCRIPT = "<script>document.title='broken'</script>"
HOSTILE = (
    f"{_SCRIPT} &lt;script&gt;document.title='broken'&lt;/script&gt;\n\n"
    f"A headline\" onmouseover=\"document.title='broken' and </script>{_SCRIPT}.\n\n"
    "Turned round: \u202etxet neddih\u202c, a bell \x07, <!-- a comment, {{ 7 * 7 }} and "
    "<img src=x onerror=alert(1)>.\n\n"
    "The council of Brannholt met on Friday and put the vote about the \U0001f30a swimming bath "
    "off until May."
)
HOSTILE_ID = "</script><b onmouseover=alert(1)>\u202e"


def make_folder(out: Path) -> Path:
    """Write the folder; returns it."""
    out.mkdir(parents=True)
    texts = {
        path.name: path.read_text(encoding="utf-8").strip() for path in sorted(SEEDS.glob("*.txt"))
    }
    texts |= {
        "harbour/a": HARBOUR,
        "harbour/b": HARBOUR,
        "harbour/c": HARBOUR.replace("on Monday", "on Tuesday").replace("eleven", "twelve"),
        HOSTILE_ID: HOSTILE,
        "=1+1": HOSTILE.replace("council of Brannholt", "town of Brannholt").replace(
            "Friday", "Sunday"
        ),
    }
    copies = {
        EXCERPT: (SPUN, "excerpt", "other", 0.0588, 0.8188, 11),
        "harbour/b": ("harbour/a", "exact", "no", 1.0, 1.0, 3),
        "harbour/c": ("harbour/a", "near", "no", 0.71, 0.84, 3),
        "=1+1": (HOSTILE_ID, "near", "no", 0.62, 0.77, 4),
    }
    flags = _flags(texts[SPUN], texts[EXCERPT])
    # The flag after a character that JavaScript counts as two.
    at = HOSTILE.index("swimming bath")
    flags.append(
        (HOSTILE_ID, at, at + 13, at, at + 13, "swimming bath", "@pool", "phrase", "lexicon", 0.75,
         "the \U0001f30a swimming bath off <b>until</b> May", "")
    )  # fmt: skip
    groups = [copies[i][0] if i in copies else i for i in texts]
    rows: list[tuple[tables.Cell, ...]] = []
    for i, text in texts.items():
        own = ("unique" if groups.count(i) == 1 else "kept", "this" if i == SPUN else "no")
        kept_id, relation, spun, jaccard, containment, sentences = copies.get(
            i, (i, *own, None, None, None)
        )
        rows.append(
            (i, i, kept_id, groups.count(kept_id), str(i == kept_id).lower(), kept_id, relation,
             spun, jaccard, containment, sentences,
             0.93 if i == SPUN else 0.04 + len(text) % 20 / 100,
             sum(flag[0] == i for flag in flags), len(text.split()),
             f"{sentences} sentences aligned" if sentences else "")
        )  # fmt: skip
    pairs: list[tuple[tables.Cell, ...]] = [
        (*sorted((i, kept)), relation, spun, jaccard, containment, containment, sentences, "")
        for i, (kept, relation, spun, jaccard, containment, sentences) in copies.items()
    ]
    lexicon = [
        ("revisit", "visit", 1, 2, 0.91, "A revisit by a commander"),
        ("=cmd", "<b>order</b>", 1, 2, 0.6, ""),
    ]
    rejected = [("bad<i>.gz", "bad<i>.gz", "truncated", "line 3: </script> unexpected end \u202e")]
    _write(out, "dedup.csv", tables.DEDUP, rows)
    _write(out, "pairs.csv", tables.PAIRS, pairs)
    _write(out, "flags.csv", tables.FLAGS, flags)
    _write(out, "lexicon.csv", tables.LEXICON, lexicon)
    _write(out, "rejected.csv", tables.REJECTED, rejected)
    records = [
        {"id": i, "text": text, "source": "", "added": "", "created": "", "metadata": {}}
        for i, text in texts.items()
    ]
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    (out / "documents.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")
    record = {
        "scrub": "0.1.0",
        "command": "run",
        "inputs": ["seeds"],
        "seconds": 2.31,
        "documents_per_second": 4.3,
        "counts": {
            **dict.fromkeys(Counts.model_fields, 0),
            "repairs": sum(float(str(f[9])) >= 0.9 for f in flags),
        },
        "stages": {
            "read": 0.02,
            "clean": 0.31,
            "match": 0.22,
            "keep": 0.01,
            "flag": 1.4,
            "repair": 0.3,
            "write": 0.05,
        },
        "languages": {"en": 10},
        "languagetool": {"outcome": "used", "sentences": 61},
        "settings": {"spin": {"repair_confidence": 0.9}},
        "settings_digest": "0" * 64,
        "outputs": {"flags.csv": hashlib.sha256((out / "flags.csv").read_bytes()).hexdigest()},
        "near_misses": [
            {
                "id_a": "000_875efc852a40ac47.txt",
                "id_b": SPUN,
                "containment": 0.21,
                "missing": 0.08,
            }
        ],
    }
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return out


def _flags(spun: str, original: str) -> list[tuple[tables.Cell, ...]]:
    """Flags as the run finds them from a copy that kept the original words."""
    return [
        (SPUN, s.start_a, s.end_a, s.start_a, s.end_a, s.text_a, s.text_b, s.kind,
         f"sibling:{EXCERPT}", 0.97 if s.kind == "wording" else 0.88,
         spun[max(0, s.start_a - 30) : s.end_a + 30], "")
        for pair in align(spun, original)
        for s in pair.substitutions
    ]  # fmt: skip


def _write(
    out: Path, name: str, columns: tuple[str, ...], rows: Iterable[tuple[tables.Cell, ...]]
) -> None:
    with (out / name).open("wb") as file:
        tables.write_table(file, columns, rows)
