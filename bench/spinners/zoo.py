"""Spin clean articles with any spinner of the zoo, and say exactly what was replaced.

    python bench/spinners/zoo.py DOCS.jsonl[.gz] OUT --dictionaries FOLDER [--spinner NAME ...]

Writes `docs.jsonl.gz` (id, text), `spans.jsonl.gz` (id, spans with start, end, spun, original,
kind) and `truth.csv` (id, spinner, original, words, swapped) into OUT, one spun text for each
article and spinner.  `spinners.json` has the spinners, `tables.json` swaps of function words and
phrases, `dictionaries.py` says where the dictionaries come from.  lemminflect 0.2 must be installed
by hand.  The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from dictionaries import ANY, Entries, load
from lemminflect import getAllLemmas, getInflection

from scrub.match.languages import DIGITS, FUNCTION_WORDS

HERE = Path(__file__).parent
TABLES: dict[str, dict[str, list[str]]] = json.loads((HERE / "tables.json").read_text("utf-8"))
FUNCTION = frozenset(FUNCTION_WORDS["en"].split())
WORDS_OF_NUMBERS = {digits: word for word, digits in DIGITS.items() if len(digits) < 3}
TAGS = {
    "NOUN": ("NN", "NNS"), "VERB": ("VB", "VBD", "VBG", "VBN", "VBZ"),
    "ADJ": ("JJ", "JJR", "JJS"), "ADV": ("RB", "RBR", "RBS"),
}  # fmt: skip
_DETERMINERS = "the a an this that these those his her its their our my your"
_AUXILIARIES = "to will would can could should may might must not they we i you"
_BEFORE_NOUN, _BEFORE_VERB = frozenset(_DETERMINERS.split()), frozenset(_AUXILIARIES.split())
_PIECE = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?|\d+(?:[.,]\d+)*|[^\w]+|_+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"\u201c]?[A-Z])|\n+")


@dataclass(slots=True, frozen=True)
class Spinner:
    """One spinner of the zoo; `share` is of all words, `common` the least web count of a choice."""

    dictionary: str
    choice: str  # first, same, random, fitting (by web counts of pairs), nested (spintax)
    share: tuple[float, float]
    tagged: bool = False  # guesses the part of speech from the word before
    common: int = 0
    functions: str = ""  # "table" or "dictionary"
    articles: float = 0.0  # share of "the" that becomes "a"
    agree: bool = False  # makes "a" and "an" agree with what follows
    numbers: bool = False
    names: bool = False
    phrases: bool = False
    long: bool = False  # prefers choices of several words
    shuffle: bool = False
    second: str = ""


@dataclass(slots=True)
class Piece:
    """A word or what stands between words; `original` where it was replaced."""

    text: str
    original: str | None = None
    kind: str = "content"

    @property
    def lower(self) -> str:
        """The text as dictionaries have it."""
        return self.text.lower()


@dataclass(slots=True)
class Zoo:
    """The spinners and the dictionaries they need, read once."""

    folder: Path
    spinners: dict[str, Spinner] = field(default_factory=dict)
    _entries: dict[str, Entries] = field(default_factory=dict)
    _options: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the spinners."""
        rows: dict[str, Any] = json.loads((HERE / "spinners.json").read_text("utf-8"))
        self.spinners = {
            n: Spinner(**{**row, "share": tuple(row["share"])}) for n, row in rows.items()
        }

    def entries(self, name: str) -> Entries:
        """The dictionary of that name."""
        if name not in self._entries:
            self._entries[name] = load(name, self.folder)
        return self._entries[name]

    def spin(self, text: str, name: str, seed: str) -> tuple[str, list[dict[str, Any]], int]:
        """The spun text, its spans in order, and how many words the text had."""
        spinner, draw = self.spinners[name], random.Random(f"{name} {seed}")
        sentences = [[Piece(m) for m in _PIECE.findall(s)] for s in _split(text)]
        words = sum(p.text[0].isalnum() for s in sentences for p in s)
        sentences = self._pass(sentences, name, spinner, draw)
        if spinner.second:
            other = replace(self.spinners[spinner.second], share=spinner.share)
            sentences = self._pass(sentences, spinner.second, other, draw)
        if spinner.shuffle:
            sentences = _shuffled(sentences, draw)
        spun, spans = "", []
        for piece in (p for s in sentences for p in s):
            if piece.original is not None and piece.original != piece.text:
                spans.append(
                    {
                        "start": len(spun),
                        "end": len(spun) + len(piece.text),
                        "spun": piece.text,
                        "original": piece.original,
                        "kind": piece.kind,
                    }
                )
            spun += piece.text
        return spun, spans, words

    def _pass(
        self, sentences: list[list[Piece]], name: str, spinner: Spinner, draw: random.Random
    ) -> list[list[Piece]]:
        total = sum(p.text[0].isalnum() for s in sentences for p in s)
        left = draw.uniform(*spinner.share) * total
        if spinner.phrases:
            sentences = [_phrases(s, name, spinner, draw) for s in sentences]
            left -= sum(p.kind == "phrase" for s in sentences for p in s)
        places = [(s, at) for s, row in enumerate(sentences) for at in range(len(row))]
        draw.shuffle(places)
        if spinner.choice in ("same", "first"):  # a word is always replaced, or never
            places.sort(key=lambda place: _order(name, sentences[place[0]][place[1]].lower))
        for s, at in places:
            if left <= 0:
                break
            piece = sentences[s][at]
            if piece.kind == "phrase" or not piece.text[0].isalnum():
                continue
            found = self._choose(sentences[s], at, name, spinner, draw)
            if found is not None and found[0].lower() != piece.lower:
                new = _cased(piece.text, found[0], first=at == 0)
                sentences[s][at] = Piece(new, _original(piece), found[1])
                left -= 1
        for row in sentences:
            _determiners(row, spinner, draw)
        return sentences

    def _choose(
        self, row: list[Piece], at: int, name: str, spinner: Spinner, draw: random.Random
    ) -> tuple[str, str] | None:
        word = row[at].lower
        if spinner.numbers and word in WORDS_OF_NUMBERS:
            return WORDS_OF_NUMBERS[word], "number"
        if word in ("the", "a", "an") or len(word) < 2:
            return None
        same = random.Random(f"{name} {word}") if spinner.choice in ("same", "first") else draw
        if word in FUNCTION or word in TABLES["functions"]:
            if spinner.functions == "table" and word in TABLES["functions"]:
                return same.choice(TABLES["functions"][word]), "function"
            if spinner.functions == "dictionary":
                senses = self.entries(spinner.dictionary).get(word, {})
                words = [w for pos in sorted(senses) for w in senses[pos]]
                return (same.choice(words).lower(), "function") if words else None
            if word in FUNCTION:
                return None
        before = row[at - 2].lower if at >= 2 else ""
        if row[at].text[0].isupper() and at > 0 and not spinner.names:
            return None
        options = self._offered(name, word, before, spinner)
        if not options:
            return None
        if spinner.choice == "first":
            return options[0], "content"
        if spinner.choice == "fitting":
            after = row[at + 2].lower if at + 2 < len(row) else ""
            return max(options, key=lambda o: (_fit(before, o, after), o)), "content"
        if spinner.choice == "nested":  # {one|{two|three}}: the first of a level is as likely as
            while len(options) > 1 and draw.random() < 0.5:  # all within the braces beside it
                options = options[1:]
            return options[0], "content"
        return same.choice(options), "content"

    def _offered(self, name: str, word: str, before: str, spinner: Spinner) -> list[str]:
        likely = _likely(before) if spinner.tagged else ""
        key = (name, word, likely)
        if key not in self._options:
            self._options[key] = self._offer(word, likely, spinner)
        return self._options[key]

    def _offer(self, word: str, likely: str, spinner: Spinner) -> list[str]:
        entries, result = self.entries(spinner.dictionary), []
        for pos, lemma, tag in _readings(word, likely):
            senses = entries.get(lemma, {})
            for other in [*senses.get(pos, ()), *senses.get(ANY, ())]:
                form = _inflected(other, pos, tag)
                count = min(_web().get(part, 0) for part in re.split("[ -]", form.lower()))
                if count >= spinner.common and form.lower() not in (word, lemma):
                    result.append(form)
            if result and spinner.tagged:
                break
        result = list(dict.fromkeys(result))
        if spinner.long and any(" " in w for w in result):
            result = [w for w in result if " " in w]
        return result


def _split(text: str) -> list[str]:
    """Sentences, each with the blanks after it."""
    cuts = [0, *(m.end() for m in _SENTENCE.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(cuts) if a < b]


def _shuffled(sentences: list[list[Piece]], draw: random.Random) -> list[list[Piece]]:
    """Sentences exchanged in pairs of neighbours; each keeps its own words and spans."""
    for row in sentences:
        if not row[-1].text[-1].isspace():
            row.append(Piece(" "))
    for at in range(0, len(sentences) - 1, 2):
        if draw.random() < 0.5:
            sentences[at], sentences[at + 1] = sentences[at + 1], sentences[at]
    return sentences


def _phrases(row: list[Piece], name: str, spinner: Spinner, draw: random.Random) -> list[Piece]:
    result, at = [], 0
    while at < len(row):
        for length in (4, 3, 2, 1):
            run = row[at : at + 2 * length - 1]
            joined = "".join(p.text for p in run)
            options = TABLES["phrases"].get(joined.lower())
            same = random.Random(f"{name} {joined.lower()}")
            if len(run) == 2 * length - 1 and options and same.random() < 0.8:
                source = same if spinner.choice == "same" else draw
                new = _cased(joined, source.choice(options), first=at == 0)
                result.append(Piece(new, joined, "phrase"))
                at += len(run)
                break
        else:
            result.append(row[at])
            at += 1
    return result


def _determiners(row: list[Piece], spinner: Spinner, draw: random.Random) -> None:
    for at, piece in enumerate(row):
        if piece.lower == "the" and draw.random() < spinner.articles:
            row[at] = Piece("A" if piece.text == "The" else "a", _original(piece), "determiner")
        after = row[at + 2] if at + 2 < len(row) else piece
        if spinner.agree and piece.lower in ("a", "an") and after.original is not None:
            right = "an" if after.lower[0] in "aeio" else "a"
            if right != piece.lower:
                row[at] = Piece(
                    _cased(piece.text, right, first=False), _original(piece), "determiner"
                )


def _original(piece: Piece) -> str:
    return piece.text if piece.original is None else piece.original


def _cased(model: str, word: str, *, first: bool) -> str:
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if model[0].isupper() or (first and word[0] == "I") else word


def _order(name: str, word: str) -> float:
    return random.Random(f"order {name} {word}").random()


def _likely(before: str) -> str:
    return "NOUN" if before in _BEFORE_NOUN else "VERB" if before in _BEFORE_VERB else ""


@lru_cache(maxsize=200_000)
def _readings(word: str, likely: str) -> tuple[tuple[str, str, str], ...]:
    """(part of speech, lemma, tag) of a form, the likely part of speech first."""
    found = []
    for pos, lemmas in sorted(getAllLemmas(word).items()):
        if pos in TAGS:
            for lemma in lemmas:
                tag = next((t for t in TAGS[pos] if word in getInflection(lemma, t)), TAGS[pos][0])
                found.append((pos, lemma, tag))
    return tuple(sorted(found, key=lambda r: r[0] != likely))


@lru_cache(maxsize=400_000)
def _inflected(words: str, pos: str, tag: str) -> str:
    """The words in the inflection of the tag: of a verb the first, of a noun the last."""
    if tag in ("NN", "VB", "JJ", "RB"):
        return words
    parts = words.split(" ")
    head = 0 if pos == "VERB" else -1
    forms = getInflection(parts[head].lower(), tag)
    parts[head] = forms[0] if forms else parts[head]
    return " ".join(parts)


@lru_cache(maxsize=1)
def _web() -> dict[str, int]:
    return _counts("frequency_dictionary_en_82_765.txt")


@lru_cache(maxsize=1)
def _pairs() -> dict[str, int]:
    return _counts("frequency_bigramdictionary_en_243_342.txt")


def _counts(name: str) -> dict[str, int]:
    lines = resources.files("symspellpy").joinpath(name).read_text("utf-8-sig").splitlines()
    return {key: int(n) for key, _, n in (line.rpartition(" ") for line in lines if line)}


def _fit(before: str, word: str, after: str) -> int:
    first, last = word.lower().split(" ")[0], word.lower().split(" ")[-1]
    return _pairs().get(f"{before} {first}", 0) + _pairs().get(f"{last} {after}", 0)


def read(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON-lines file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main() -> None:
    """Spin and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("documents", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dictionaries", type=Path, required=True)
    parser.add_argument("--spinner", nargs="*", default=[])
    parser.add_argument("--each", type=int, default=40, help="articles for each spinner")
    args = parser.parse_args()
    zoo, articles = Zoo(args.dictionaries), read(args.documents)
    names = args.spinner or sorted(zoo.spinners)
    args.out.mkdir(parents=True, exist_ok=True)
    docs, spans, truth = [], [], []
    for number, name in enumerate(names):  # no article is spun by all, few by several
        for k in range(args.each):
            row = articles[(number * args.each + k) % len(articles)]
            text, found, words = zoo.spin(row["text"], name, row["id"])
            i = f"{name}-{row['id']}"
            docs.append({"id": i, "text": text})
            spans.append({"id": i, "spans": found})
            truth.append([i, name, row["id"], words, len(found)])
    for file, rows in (("docs.jsonl.gz", docs), ("spans.jsonl.gz", spans)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (args.out / file).write_bytes(gzip.compress(lines.encode(), mtime=0))
    with (args.out / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [["id", "spinner", "original", "words", "swapped"], *truth]
        )


if __name__ == "__main__":
    main()
