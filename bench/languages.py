"""What scrub does in each language, on texts that are made here: `bench/results/languages.csv`.

Articles are dealt of the pieces in `languages.txt`, which were written apart from the tables of
`scrub.languages`; no sentence stands in two articles.  A copy has sentences in another order and
words left out, is an excerpt, or has a share of its words swapped.  A word that is swapped is one
that is no function word, and gives way to one particular other word of the language, as with a
spinner; in Arabic or German alike, so that what is measured is matching and not a thesaurus.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from itertools import chain
from pathlib import Path

import pandas as pd

from environment import RESULTS
from scrub import clean, find_duplicates, run
from scrub.clean.html import extract
from scrub.languages import languages
from scrub.match.languages import CAPITAL_NOUNS

HERE = Path(__file__).parent
KINDS = ("exact", "edited", "excerpt", "swap 20 %", "swap 35 %")
_UNSPACED = ("zh", "ja")
_STOPS = {"zh": "。", "ja": "。", "hi": "।"}
_SENTENCES = 14  # of an article
_EXCERPT = 6
_BESIDE = 6  # articles for one that is spun: they are the corpus's language
_SPUN_NEW = 0.2  # what is spun was usual wording before
_OPEN = "，,"
_NEW = 0.7  # share of the content words that each sentence has from elsewhere: no two are alike


@dataclass(slots=True, frozen=True)
class Made:
    """A corpus of one language: texts by id, the kind of each copy by the ids of its pair."""

    texts: dict[str, str]
    pairs: dict[tuple[str, str], str]
    swapped: dict[str, dict[str, str]] = field(default_factory=dict)  # by copy: new word, original


def pieces() -> dict[str, list[list[list[str]]]]:
    """The four slots of each language: the pieces of each, as words."""
    found: dict[str, list[list[list[str]]]] = {}
    for line in (HERE / "languages.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            slots = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            slots.append([piece.split() for piece in line.split("|")])
    return found


def shown(code: str, words: list[str]) -> str:
    """A sentence as its language writes it."""
    if code in _UNSPACED:
        return "".join(words) + _STOPS[code]
    text = " ".join(words).replace(" ,", ",").replace("' ", "'")
    return text[0].upper() + text[1:] + _STOPS.get(code, ".")


def make(
    code: str,
    articles: int,
    seed: int = 1,
    kinds: tuple[str, ...] = KINDS,
    new: float = _NEW,
    copied_of: int = 1,
) -> Made:
    """Deal articles of one language, and a copy of one in `copied_of`, of the kinds in turn."""
    rng = random.Random(f"{code}{seed}")
    slots = pieces()[code]
    own = set(languages()[code].function_words.split())
    content = sorted({w for slot in slots for piece in slot for w in piece} - own - set(_OPEN))
    content = [word for word in content if any(map(str.isalpha, word))]
    alike = [
        [word for word in content if word[0].isupper() == capital] for capital in (False, True)
    ]
    swap: dict[str, str] = {}
    for kin in alike[: 1 + (code in CAPITAL_NOUNS)]:  # names are left alone
        rng.shuffle(kin)
        swap |= zip(kin, kin[1:] + kin[:1], strict=True)
    dealt = [piece for slot in slots for piece in slot]
    texts: dict[str, str] = {}
    pairs: dict[tuple[str, str], str] = {}
    swapped: dict[str, dict[str, str]] = {}
    for number in range(articles):
        sentences = []
        for _ in range(_SENTENCES):
            words = [word for piece in rng.sample(dealt, rng.randint(3, 5)) for word in piece]
            words = words[words[0] in _OPEN :]
            fresh = [w in swap and rng.random() < new for w in words]
            sentences.append(
                [
                    rng.choice(alike[w[0].isupper()]) if n else w
                    for w, n in zip(words, fresh, strict=True)
                ]
            )
        name = f"{number:03d}"
        texts[name] = "\n\n".join(shown(code, words) for words in sentences)
        if number % copied_of:
            continue
        kind = kinds[number % len(kinds)]
        copy = copied(kind, sentences, swap, rng)
        texts[name + "c"] = "\n\n".join(shown(code, words) for words in copy)
        pairs[name, name + "c"] = kind
        if kind.startswith("swap"):
            both = zip(chain(*copy), chain(*sentences), strict=True)
            swapped[name + "c"] = {theirs: ours for theirs, ours in both if theirs != ours}
    return Made(texts, pairs, swapped)


def copied(
    kind: str, sentences: list[list[str]], swap: dict[str, str], rng: random.Random
) -> list[list[str]]:
    """The sentences of one copy."""
    if kind == "exact":
        return sentences
    if kind == "excerpt":
        first = rng.randrange(len(sentences) - _EXCERPT)
        return sentences[first : first + _EXCERPT]
    if kind == "edited":
        kept = [[word for word in words if rng.random() > 0.04] for words in sentences]
        return [words for words in kept if rng.random() > 0.1 and words]
    share = int(kind.split()[1]) / 100
    places = [
        (s, w)
        for s, words in enumerate(sentences)
        for w, x in enumerate(words)
        if x in swap and not _is_name(words, w)
    ]
    total = sum(map(len, sentences))
    chosen = set(rng.sample(places, min(len(places), round(share * total))))
    return [
        [swap[word] if (s, w) in chosen else word for w, word in enumerate(words)]
        for s, words in enumerate(sentences)
    ]


def _is_name(words: list[str], at: int) -> bool:
    """Whether a word is a part of a name: where nouns have capitals, too, two side by side are."""
    beside = words[max(0, at - 1) : at] + words[at + 1 : at + 2]
    return words[at][0].isupper() and any(word[0].isupper() for word in beside)


def copies(code: str, articles: int, seed: int = 1) -> dict[str, float]:
    """Recall of the copies of each kind, and `wrong`: linked pairs that are none, in all pairs."""
    made = make(code, articles, seed)
    frame = pd.DataFrame({"id": list(made.texts), "text": list(made.texts.values())})
    linked, _ = find_duplicates(frame)
    found = {tuple(sorted(pair)) for pair in zip(linked["id_a"], linked["id_b"], strict=True)}
    figures = {
        kind: sum(pair in found for pair, k in made.pairs.items() if k == kind)
        / max(1, sum(k == kind for k in made.pairs.values()))
        for kind in KINDS
    }
    figures["wrong"] = len(found - set(made.pairs)) / max(1, len(found))
    return figures


def unchanged(code: str, articles: int, seed: int = 1) -> float:
    """The share of the words of clean articles that stand in texts which cleaning leaves alone."""
    texts = [text for name, text in make(code, articles, seed).texts.items() if name[-1] != "c"]
    kept = [len(text) for text in texts if clean(text).text == text]
    return sum(kept) / max(1, sum(map(len, texts)))


def furniture() -> dict[str, list[str]]:
    """Lines of furniture of each language that no table lists, in the order the file names."""
    found: dict[str, list[str]] = {}
    for line in (HERE / "furniture.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            listed = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            listed.append(line)
    return found


def pages(code: str, articles: int, seed: int = 1) -> dict[str, float]:
    """What is left of pages: `gone`, the share of the lines of furniture that go, and of the words
    that are kept and should be, precision and recall: of a text that a scraper left, each line of
    the page one of it, and of the page itself.
    """
    lines = furniture()[code]
    advert, mail, copy, label, head, credit, news, follow, cookies, comments, rights, user = lines
    made = make(code, articles, seed).texts
    titles = [text.split("\n\n")[1][:-1][:60] for name, text in made.items() if name[-1] != "c"]
    gone = 0
    counts = {part: Counter[str]() for part in ("text", "page")}
    whole = [text for name, text in made.items() if name[-1] != "c"]
    for number, text in enumerate(whole):
        story = text.split("\n\n")
        other = titles[(number + 1) % len(titles)]
        mark = "" if code in _UNSPACED else " "
        related = f"{label}{'：' if not mark else ':'}{mark}{other}"
        plain = [
            mail, copy, story[0], credit, *story[1:4], advert, *story[4:7], related, *story[7:10],
            news, *story[10:], follow, head, comments, cookies, rights, user,
        ]  # fmt: skip
        left = clean("\n\n".join(plain)).text
        gone += sum(line not in left.split("\n\n") for line in plain if line not in story)
        body = "".join(
            f"<p>{escape(line)}</p>" if line in story else f'<div class="box">{escape(line)}</div>'
            for line in plain[2:-6]
        )
        page = (
            f"<!DOCTYPE html><html lang={code}><head><title>{escape(other)}</title></head><body>"
            f"<header><nav><ul><li>{user}<li>{comments}</ul></nav></header>"
            f'<main><article><div class="share"><a>{mail}</a> <a>{copy}</a></div>{body}</article>'
            f"<aside><h3>{head}</h3><ul><li><a>{escape(other)}</a></ul></aside></main>"
            f"<footer><p>{follow}</p><p>{cookies}</p><p>{rights}</p></footer></body></html>"
        )
        for part, kept in (("text", left), ("page", clean(extract(page)[0]).text)):
            words = [Counter(_words(code, value)) for value in (kept, text)]
            counts[part]["both"] += (words[0] & words[1]).total()
            counts[part]["kept"] += words[0].total()
            counts[part]["all"] += words[1].total()
    figures = {"gone": gone / (len(lines) * len(whole))}
    for part, count in counts.items():
        figures[f"{part}: precision"] = count["both"] / max(1, count["kept"])
        figures[f"{part}: recall"] = count["both"] / count["all"]
    return figures


def _words(code: str, text: str) -> list[str]:
    """Words between blanks, characters where none are written."""
    return list("".join(text.split())) if code in _UNSPACED else text.split()


def templates(code: str, fillings: int = 20, seed: int = 1) -> float:
    """The share of all pairs of fillings of one form that are linked; none is a copy."""
    rng = random.Random(f"{code}form{seed}")
    article = next(iter(make(code, 1, seed).texts.values())).split("\n\n")[:6]
    content = sorted({w for slot in pieces()[code] for piece in slot for w in piece if len(w) > 1})
    forms = []
    for _ in range(fillings):
        lines = []
        for line in article:
            filled = [rng.choice(content), str(rng.randint(2, 9999)), rng.choice(content)]
            lines.append(f"{filled[0].capitalize()} {filled[1]}: {line[:-1]} {filled[2]}{line[-1]}")
        forms.append("\n\n".join(lines))
    linked, _ = find_duplicates(pd.DataFrame({"id": range(fillings), "text": forms}))
    return len(linked) / (fillings * (fillings - 1) / 2)


def spin(code: str, articles: int, seed: int = 1) -> dict[str, float]:
    """What a run says of copies in which 20 % of the words are swapped.

    `sides`: spun copies called spun whose originals are not; `flagged`: swapped words that are
    flagged; `right`: flags on a swapped word; `given back`: of those, the original.
    Half of the originals stand there whole, half as an excerpt.
    """
    made = make(code, articles, seed, kinds=("swap 20 %",), new=_SPUN_NEW, copied_of=_BESIDE)
    swapped = made.swapped
    texts = dict(made.texts)
    for number in range(0, articles, 2 * _BESIDE):
        name = f"{number:03d}"
        texts[name] = "\n\n".join(texts[name].split("\n\n")[:_EXCERPT])
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.jsonl"
        rows = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
        file.write_text("\n".join(rows), "utf-8")
        result = run(file, Path(folder) / "out", languagetool__scope="off")
    spun = dict(zip(result.dedup["id"].astype(str), result.dedup["spun"], strict=True))
    found = result.flags
    for part, first in (("whole", _BESIDE), ("excerpt", 0)):
        names = [f"{number:03d}" for number in range(first, articles, 2 * _BESIDE)]
        sides = [spun[n + "c"] == "this" and spun[n] in ("no", "other") for n in names]
        flagged = right = given = there = 0
        for name in names:
            words = swapped[name + "c"]
            of = found[found["id"].astype(str) == name + "c"]
            seen = set()
            for text, suggestion in zip(of["text"], of["suggestion"], strict=True):
                flagged += 1
                hit = [word for word in words if word in str(text)]
                right += bool(hit)
                given += any(words[word] in str(suggestion) for word in hit)
                seen.update(hit)
            sentences = texts[name]
            within = [word for word, original in words.items() if original in sentences]
            there += len(within)
            figures[f"{part}: seen"] = figures.get(f"{part}: seen", 0) + len(seen & {*within})
        figures[f"{part}: sides"] = sum(sides) / len(sides)
        figures[f"{part}: flagged"] = figures.pop(f"{part}: seen") / max(1, there)
        figures[f"{part}: right"] = right / max(1, flagged)
        figures[f"{part}: given back"] = given / max(1, right)
    return figures


def main() -> None:
    """Measure the languages and write the table; what is not measured anew stays as it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=240)
    parser.add_argument("--only", default="", help="codes of languages, with commas")
    parser.add_argument("--parts", default="clean,copies,spin")
    arguments = parser.parse_args()
    parts = arguments.parts.split(",")
    recorded = RESULTS / "languages.csv"
    rows = pd.read_csv(recorded, index_col=0).to_dict("index") if recorded.exists() else {}
    for code in pieces():
        if arguments.only and code not in arguments.only.split(","):
            continue
        found: dict[str, float] = {}
        if "clean" in parts:
            found |= pages(code, 25, seed=3) | {"unchanged": unchanged(code, 40, seed=2)}
        if "copies" in parts:
            found |= copies(code, arguments.articles, seed=2)
            found |= {"templates": templates(code, seed=2)}
        if "spin" in parts:
            found |= spin(code, 180, seed=2)
        name = languages()[code].name
        rows[name] = rows.get(name, {}) | found
        print(code, {name: round(value, 3) for name, value in found.items()}, flush=True)
        listed = [name for name in (languages()[code].name for code in pieces()) if name in rows]
        write(pd.DataFrame([rows[name] for name in listed], index=listed))


def write(frame: pd.DataFrame) -> None:
    """The figures of all languages as `languages.csv`, which docs are made of, and as a table."""
    frame = frame.round(3).rename_axis("language")
    frame.to_csv(RESULTS / "languages.csv", lineterminator="\n")
    head = " | ".join(map(str, frame.columns))
    lines = [f"| language | {head} |", "|---" + "|---:" * frame.shape[1] + "|"]
    for name, *figures in frame.itertuples():
        lines.append(f"| {name} | {' | '.join(f'{value:.3f}' for value in figures)} |")
    (RESULTS / "languages.md").write_text(NOTE + "\n".join(lines) + "\n", "utf-8")


NOTE = """# Languages

Made by `bench/languages.py`; what the columns say is on the page that `docs/generate.py` makes of
it, `docs/reference/languages.md`.

"""


if __name__ == "__main__":
    main()
