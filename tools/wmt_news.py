"""News in two languages from the test sets of WMT, as labelled pairs for the fit of translations.

    python tools/wmt_news.py OUT FOLDER

FOLDER holds `xml/*.all.xml` of github.com/wmt-conference/wmt21-news-systems (f41750d) and of
wmt22-news-systems (20240a2) in folders of these names, and `data/systems/*.jsonl` of
wmt25-general-mt in one of its: sources, references, and what online services or systems made of
them.  OUT gets `docs.jsonl.gz` (id, text) and `pairs.csv` (id_a, id_b, label, source): every two
documents of one source that are of different languages are a `translation`, those of one language
`other`.  The source of a pair names its set and both languages.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

ONLINE = ("Online-B", "Online-W")  # translators that newsrooms use, too
SCRIPTLESS = ("ja", "ko", "zh", "bho", "mas")  # no letters, or in no list of languages


class Text(NamedTuple):
    """A text, its language, and who made it of its source."""

    language: str
    maker: str
    text: str


def text_of(element: ET.Element) -> str:
    """The segments of an element, paragraph by paragraph."""
    paragraphs = element.findall("p") or [element]
    return "\n\n".join(
        " ".join((segment.text or "").strip() for segment in paragraph.iter("seg"))
        for paragraph in paragraphs
    )


def of_xml(folder: Path) -> dict[str, set[Text]]:
    """The texts of each source document of two test sets, news alone."""
    found: dict[str, set[Text]] = defaultdict(set)
    for path in sorted(folder.glob("wmt2[12]-news-systems/xml/*.all.xml")):
        year = path.parts[-3][:5]
        for document in ET.parse(path).getroot().iter("doc"):  # noqa: S314
            if document.get("domain", "news") != "news":
                continue
            own = found[f"{year}:{document.get('id')}"]
            for element in document:
                maker = element.get("translator") or element.get("system") or "source"
                if element.tag != "hyp" or maker in ONLINE:
                    own.add(Text(element.get("lang", ""), maker, text_of(element)))
    return found


def of_systems(folder: Path) -> dict[str, set[Text]]:
    """What the first system by its name made of each document of the third."""
    found: dict[str, dict[str, Text]] = defaultdict(dict)
    for path in sorted(folder.glob("wmt25-general-mt/data/systems/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            pair, domain, name = row["doc_id"].split("_#_")
            source, _, target = pair.partition("-")
            language = target.rpartition("_")[0]
            if domain == "news" and language not in SCRIPTLESS and row["hypothesis"]:
                text = Text(language, path.stem, row["hypothesis"])
                found[f"wmt25:{source}:{name}"].setdefault(language, text)
    return {name: set(own.values()) for name, own in found.items()}


def main() -> None:
    """Write both files."""
    out, folder = Path(sys.argv[1]), Path(sys.argv[2])
    sources = {**of_xml(folder), **of_systems(folder)}
    rows = []
    with gzip.GzipFile(out / "docs.jsonl.gz", "wb", mtime=0) as file:
        for name in sorted(sources):
            own = [(f"{name}#{t.language}-{t.maker}", t) for t in sorted(sources[name])]
            for i, text in own:
                file.write(json.dumps({"id": i, "text": text.text}).encode() + b"\n")
            for (a, one), (b, other) in combinations(own, 2):
                same = one.language == other.language
                languages = "-".join(sorted((one.language, other.language)))
                source = f"{name.partition(':')[0]}:{languages}"
                rows.append((a, b, "other" if same else "translation", source))
    with (out / "pairs.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [("id_a", "id_b", "label", "source"), *rows]
        )


if __name__ == "__main__":
    main()
