"""From facts to HTML: one page that carries its style, its script and its data."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from scrub import shipped
from scrub.sources import hours
from scrub.write.report import charts, rewriting
from scrub.write.report.payload import payload, to_json, when

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrub.provenance import Copy
    from scrub.write.report.gather import Facts, Row

# In the order in which they need each other; they become one script, so that one hash covers it.
_SCRIPTS = ("dom.js", "compare.js", "clusters.js", "review.js", "start.js")

# Characters that are not seen, or that turn round what stands beside them (CWE-1007).  A line
# break is left alone.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)

_DOUBTS = {
    "no-date": "one has no date",
    "same-time": "their dates are too close",
    "spun-first": "the spun one is dated earlier",
    "truncated-first": "the earlier one was cut off",
}


def render(facts: Facts) -> str:
    """The page as HTML text."""
    style, script = asset("report.css"), _script()
    counts = {**facts.relations, "rejected": facts.reasons.total()}
    counts = {
        k: counts.get(k, 0) for k in ("rejected", "unique", "kept", "excerpt", "near", "exact")
    }
    record = facts.record
    data = payload(facts)
    context: dict[str, Any] = {
        "facts": facts,
        "limits": facts.limits,
        "record": record,
        "counts": counts,
        "dropped": facts.read - facts.kept,
        "spun": facts.spun["spun"],
        "small": 0 < facts.read <= facts.limits.documents,
        "verdicts": [(row, verdict(row, facts)) for row in facts.documents],
        "flows": [
            charts.flow(counts, name="wide", width=920, height=235),
            charts.flow(counts, name="narrow", width=360, height=300),
        ],
        "charts": _charts(facts),
        "data": data,
        "copies": _shown(facts),
        "inputs": [
            path if not Path(path).is_absolute() else Path(path).name for path in record["inputs"]
        ],
        "json": to_json(data),
        "style": style,
        "script": script,
        "policy": (
            f"default-src 'none'; script-src '{hashed(script)}'; style-src '{hashed(style)}'; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        ),
    }
    return environment().get_template("page.html.j2").render(context)


def _shown(facts: Facts) -> list[Copy]:
    """The copies that are listed: stories with most of them first, each in the order of time."""
    sizes = Counter(copy.story_id for copy in facts.copies)
    order = sorted(facts.copies, key=lambda copy: (-sizes[copy.story_id], copy.story_id))
    return order[: facts.limits.rows or 200]


def verdict(row: Row, facts: Facts) -> str:
    """What became of a document, as a sentence."""
    kept = named(row["kept_id"], facts)
    spun = row["spun"] in ("this", "both")
    share = f"{float(row['containment'] or 0):.0%}"
    match row["relation"]:
        case "unique":
            first = "Kept: no other document shares its text."
        case "kept":
            first = f"Kept: the best of {row['cluster_size']} copies."
        case "exact":
            first = f"Dropped: the same text as {kept}."
        case "excerpt":
            first = f"Dropped: {share} of it is in {kept}."
        case "rewrite" | "summary":
            first = f"Dropped: a {row['relation']} of {kept}."
        case _:
            first = f"Dropped: a near copy ({share}) of {kept}."
    if row["spun"] == "other":
        return f"{first} It still has the original wording."
    if not spun:
        return first
    flags = int(row["flags"] or 0)
    return f"{first} Machine-spun" + (f"; {flags} words flagged." if flags else ".")


def named(i: str, facts: Facts) -> str:
    """A document by its headline and outlet, where it has both; else by its id."""
    origin = facts.origins.get(i)
    if origin and origin.title and origin.outlet:
        return f"“{facts.titles[i]}” ({origin.outlet})"
    return i


def visible(text: object) -> str:
    """A text in which invisible and direction-changing characters are named, not obeyed.

    >>> visible("a\\u202eb")
    'a⟨U+202E⟩b'
    """
    return _INVISIBLE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", str(text))


def in_context(quoted: str, text: str) -> tuple[str, str, str]:
    """A quotation that was cut anywhere, as what stands before `text`, `text`, and what follows.

    Of several places the one nearest the middle is meant, and a word that may be cut is left out.

    >>> in_context("itary said: the chosen force, near a barr", "chosen")
    ('… said: the ', 'chosen', ' force, near a …')
    """
    if not text:
        return quoted, "", ""
    middle = (len(quoted) - len(text)) / 2
    places = [found.start() for found in re.finditer(re.escape(text), quoted)]
    if not places:
        return quoted, "", ""
    at = min(places, key=lambda place: abs(place - middle))
    before, after = quoted[:at], quoted[at + len(text) :]
    return (
        f"… {before.partition(' ')[2]}" if before.strip() else before,
        text,
        f"{after.rpartition(' ')[0]} …" if after.strip() else after,
    )


def described(languagetool: Mapping[str, Any]) -> str:
    """What LanguageTool did in a run, in words."""
    summary = str(languagetool.get("outcome", "off"))
    if sentences := languagetool.get("sentences"):
        summary += f": {sentences:,} {'sentence' if sentences == 1 else 'sentences'}"
        if cached := languagetool.get("cached"):
            summary += f", {cached:,} of them answered before"
    if unchecked := languagetool.get("unchecked"):
        summary += f", {unchecked:,} not checked"
    if version := languagetool.get("version"):
        summary += f" (version {version})"
    return summary


def _charts(facts: Facts) -> Mapping[str, charts.BarChart]:
    counts = facts.record["languages"]
    drawn = {
        "scores": charts.spin_scores(facts.scores),
        "sizes": charts.cluster_sizes(facts.sizes),
        "languages": charts.languages(counts),
        "stages": charts.stages(facts.record["stages"]),
    }
    return {name: chart for name, chart in drawn.items() if any(b.total for b in chart.bars)}


@cache
def environment() -> Environment:
    """Where the templates are, with what they call."""
    made = Environment(
        loader=PackageLoader("scrub.write.report"),
        # The templates end in .j2, so the default of escaping by file name would not see them.
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["visible"] = visible
    made.filters["in_context"] = in_context
    made.filters["described"] = described
    made.filters["number"] = lambda value: f"{value:,}"
    made.filters["when"] = when
    made.filters["doubt"] = _DOUBTS.__getitem__
    made.globals["hours"] = hours
    made.globals["rewriting"] = rewriting
    made.globals["named"] = named
    made.filters["percent"] = lambda value: f"{float(value or 0):.0%}"
    return made


def asset(name: str) -> str:
    """The content of a style or a script."""
    return shipped.text(f"write/report/assets/{name}")


def _script() -> str:
    parts = "\n".join(asset(name) for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();'


def hashed(content: str) -> str:
    """What a policy of content says of a style or a script that the page may have."""
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"sha256-{digest}"
