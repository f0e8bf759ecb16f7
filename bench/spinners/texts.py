"""Gather the texts that teach the spin score, and those it is measured on.

    python bench/spinners/texts.py OUT --clones FOLDER --labelled FOLDER

Writes `articles`, `clean` and `odd` (`.jsonl.gz`; id, text) into OUT/teach and OUT/test, the
arguments of `zoo.py`, `tools/fit_score.py` and `left_out.py`, and OUT/teach/beside, that of
`tools/fit_spin.py`.  Nothing stands in both: a work, an
author or a wire story is in one of them, and some kinds are in the test alone.  No article or
control of `spinners` is among them.  The same clones give the same bytes.

FOLDER of `--clones` has git repositories, with a work tree or bare, at these commits:

    nltk_data               nltk/nltk_data                                  5db857e6
    100_english_novels      computationalstylistics/100_english_novels      143e6018
    financial-news-dataset  duynht/financial-news-dataset                   cf56327f
    dtnag                   shaunopp/dtnag                                  df941f33
    masakhane-news          masakhane-io/masakhane-news                     819be052

`--labelled` is the folder of the labelled data (near5k, summaries, reuters, spinners).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import html
import io
import json
import random
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from zoo import read

Text = tuple[str, str]  # id, text

# Headlines of reports on markets and figures, in the capitals of a wire service.
MARKET = re.compile(
    r"FUTURES|STOCKS|MIDDAY|MKTS?\b|CLOSE[SD]?\b|MARKET|GRAIN|COPPER|LME|SUGAR|COCOA|COFFEE|BELL"
    r"(?:Y|IES)\b|CATTLE|SOY|OILSEED|BILL|BOND|RESERVES|GILTS|MONEY|TREASURY|ISSUE|DEBENTURE|LIRA"
    r"|DOLLAR|YEN|FIXING|GOLD|OPENS?\b|PRICES"
)
LONGEST = 700  # words of a passage
_RUN, _SHARED = 8, 2  # runs of words, of which so many may stand in an article of the families too


class Clone:
    """The files of the last commit of a repository."""

    def __init__(self, folder: Path) -> None:
        """List them."""
        self._git = ["git", "-C", str(folder)]
        names = subprocess.run([*self._git, "ls-tree", "-rz", "--name-only", "HEAD"],
                               check=True, capture_output=True).stdout  # fmt: skip
        self.names = sorted(names.decode().split("\0"))

    def read(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents, those left out that are not there."""
        wanted = list(names)
        lines = "".join(f"HEAD:{name}\n" for name in wanted).encode()
        found = subprocess.run([*self._git, "cat-file", "--batch"],
                               input=lines, check=True, capture_output=True).stdout  # fmt: skip
        stream = io.BytesIO(found)
        for name in wanted:
            head = stream.readline().split()
            if head[1] == b"blob":
                yield name, stream.read(int(head[2]))
                stream.readline()


def part(name: str, parts: int = 2) -> int:
    """A number below `parts` that is the name's own."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % parts


def passage(name: str, text: str, words: tuple[int, int] = (120, 600)) -> list[Text]:
    """Paragraphs of a text from one that its name decides, if there are so many words."""
    draw = random.Random(name)
    found = [" ".join(p.split()) for p in re.split(r"\n\s*\n", text)]
    if len(found) < 8:
        found = [" ".join(p.split()) for p in text.split("\n")]
    found = [p for p in found if p]
    least, chosen, length = draw.randint(*words), [], 0
    for paragraph in found[draw.randrange(len(found)) :] if found else ():
        chosen.append(paragraph)
        length += len(paragraph.split())
        if length >= least:
            break
    cut = " ".join("\n\n".join(chosen).split(" ")[:LONGEST])
    return [(name, cut)] if length >= words[0] // 2 else []


def novels(clone: Clone) -> tuple[list[Text], list[Text]]:
    """Five passages of each novel; an author's are together."""
    parts: tuple[list[Text], list[Text]] = ([], [])
    for name, data in clone.read(n for n in clone.names if n.startswith("corpus/")):
        author, text = name.split("/")[1].split("_")[0], data.decode("utf-8", "replace")
        for k in range(5):
            parts[part(author)].extend(passage(f"{name} {k}", text))
    return parts


class Corpora:
    """The packages of nltk_data."""

    def __init__(self, clone: Clone) -> None:
        """Of the clone."""
        self.clone = clone

    def texts(self, package: str, ending: str, encoding: str = "utf-8") -> list[Text]:
        """The files of a package by their names."""
        ((_, data),) = self.clone.read([f"packages/corpora/{package}.zip"])
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            names = sorted(n for n in files.namelist() if re.search(ending, n))
            return [(n, files.read(n).decode(encoding, "replace")) for n in names]

    def passages(self, package: str, ending: str, each: int = 1, kind: str = "") -> list[Text]:
        """Of each file so many passages; of marked-up ones the text, of tagged ones the words."""
        result = []
        for name, text in self.texts(package, ending, "latin-1" if kind == "sgml" else "utf-8"):
            plain = _untagged(text) if kind == "tagged" else text
            plain = html.unescape(re.sub(r"<[^>]*>", "", plain)) if kind == "sgml" else plain
            for k in range(each):
                result += passage(f"{name} {k}", plain)
        return result


def _untagged(text: str) -> str:
    words = re.sub(r"(?<=\S)[_/][^\s_/a-z]+(?=\s|$)", "", text)
    words = re.sub(r" ([,.;:?!%)\]]|n't\b|'(?:s|re|ve|ll|d|m)\b)", r"\1", words)
    return re.sub(r"([(\[$]) ", r"\1", words).replace("`` ", '"').replace(" ''", '"')


def agency(clone: Clone, number: int, market: bool) -> list[Text]:
    """So many stories of the years from 2006 on, on markets and figures or on anything else."""
    pattern = re.compile(r"markets|stocks|economy|forex|oil|gold|treasur|results|earns|outlook")
    names = [n for n in clone.names if n.count("/") == 2 and bool(pattern.search(n)) == market]
    names.sort(key=lambda n: hashlib.sha256(n.encode()).digest())
    result = []
    for name, data in clone.read(names[:number]):
        title, _, rest = data.decode("utf-8", "replace").partition("\n")
        body = rest.partition("http")[2].partition("\n")[2]
        paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", body)]
        text = "\n\n".join([title.strip("- "), *(p for p in paragraphs if p)])
        result += [(name, text)] if len(text.split()) > 60 else []
    return result


def pidgin(clone: Clone) -> list[Text]:
    """News in Nigerian Pidgin."""
    ((_, data),) = clone.read(["data/pcm/train.tsv"])
    rows = csv.DictReader(io.StringIO(data.decode()), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(row["url"], row["headline"] + "\n\n" + row["text"]) for row in rows][::20]


def farm_news(clone: Clone) -> list[Text]:
    """Reports of several agencies and papers on farming and markets, as a firm collected them."""
    result = []
    for name, data in clone.read(n for n in clone.names if re.search(r"stories/.*cfm$", n)):
        page = data.decode("utf-8", "replace")
        head, _, body = page.partition('newssubhead_t1">')[2].partition("</p>")
        body = re.split(r'<p[^>]*>Copyright|<p id="p2"', body)[0]
        rows = [head, *re.findall(r"<p[^>]*>(.*?)</p>", body, re.DOTALL)]
        plain = (" ".join(html.unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in rows)
        text = "\n\n".join(plain)
        result += [(name, text)] if len(text.split()) > 60 else []
    return result


def labelled(folder: Path) -> tuple[list[Text], list[Text]]:
    """The articles of near5k that are no copies, by clusters of even and of odd number."""
    texts = {row["id"]: row["text"] for row in read(folder / "near5k/docs.jsonl.gz")}
    parts: tuple[list[Text], list[Text]] = ([], [])
    with (folder / "near5k/truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] in ("orig", "uniq"):
                parts[int(row["cluster"]) % 2].append((row["id"], texts[row["id"]]))
    return parts


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of `_RUN` words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def main() -> None:
    """Gather and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    for name in ("clones", "labelled"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    near, wires = labelled(args.labelled), _rows(args.labelled / "reuters/docs.jsonl.gz")
    bbc = [r for r in _rows(args.labelled / "summaries/docs.jsonl.gz") if r[0][:4] == "bbc:"]
    bbc.sort(key=lambda row: part(row[0], 1 << 32))
    wires.sort(key=lambda row: part(row[0], 1 << 32))
    of_market = [r for r in wires if MARKET.search(r[1].split("\n")[0]) and len(r[1].split()) > 40]
    taught = {*of_market[:170]}
    wires = [row for row in wires if row not in taught]
    corpora = Corpora(Clone(args.clones / "nltk_data"))
    stories = agency(Clone(args.clones / "financial-news-dataset"), 2400, market=False)
    figures = agency(Clone(args.clones / "financial-news-dataset"), 110, market=True)
    books = novels(Clone(args.clones / "100_english_novels"))
    mixed = corpora.passages("masc_tagged", r"(spoken|written)/.*txt$", kind="tagged")
    reviews = r"/%s/.*\.txt$"
    teach = {
        "articles": near[0] + bbc[:480],
        "clean": bbc[:480] + wires[:1400] + stories[:800],
        "beside": stories[800:],
        "odd": [
            *books[0], *[m for m in mixed if part(m[0], 3) == 0],
            *corpora.passages("inaugural", r"\.txt$"),
            *corpora.passages("movie_reviews", reviews % "neg")[:60],
            *corpora.passages("pil", r"\.sgml$", kind="sgml"),
            *corpora.passages("shakespeare", r"\.xml$", 4, "sgml"),
            *corpora.passages("problem_reports", r"apache|eclipse|linux|office", 15, "tagged"),
            *pidgin(Clone(args.clones / "masakhane-news")),
            *of_market[:170], *figures,
        ],
    }  # fmt: skip
    test = {
        "articles": near[1] + bbc[480:],
        "clean": near[1] + bbc[480:] + farm_news(Clone(args.clones / "dtnag")),
        "odd": [
            *books[1], *[m for m in mixed if part(m[0], 3)],
            *corpora.passages("state_union", r"\.txt$"),
            *corpora.passages("movie_reviews", reviews % "pos")[:60],
            *corpora.passages("genesis", r"kjv\.txt$", 25),
            *corpora.passages("product_reviews_1", r"_\w+\.txt$", 6),
            *corpora.passages("webtext", r"\.txt$", 8),
        ],
    }  # fmt: skip
    held = set().union(*(runs(text) for _, text in _rows(args.labelled / "spinners/docs.jsonl.gz")))
    for folder, files in (("teach", teach), ("test", test)):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
        for name, rows in files.items():
            kept = [(i, text) for i, text in rows if len(runs(text) & held) <= _SHARED]
            if name == "articles":  # one spinner would get all of one source
                kept = sorted(kept, key=lambda row: part("spun " + row[0], 1 << 32))
                kept = [row for row in kept if len(row[1].split()) > 100]
            print(folder, name, len(kept))
            lines = "".join(json.dumps({"id": i, "text": t}, ensure_ascii=False) + "\n"
                            for i, t in kept)  # fmt: skip
            packed = gzip.compress(lines.encode(), mtime=0)
            (args.out / folder / f"{name}.jsonl.gz").write_bytes(packed)


def _rows(path: Path) -> list[Text]:
    return [(row["id"], row["text"]) for row in read(path)]


if __name__ == "__main__":
    main()
