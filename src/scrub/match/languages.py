"""Function words of each language, and the abbreviations that do not end a sentence.

Function words are the frame that a synonym spinner leaves standing (Stamatatos, JASIST 2011), so
only closed classes are listed: articles, pronouns, prepositions, auxiliaries, conjunctions.
Words that thesauri do replace (quantifiers, "because", "about", "around", "while") are left out:
a frame made of them would not survive.  Where a language is not listed, the most frequent words
of the document itself take the place of its list.
"""

from __future__ import annotations

from scrub.languages import languages

# Words that machines and editors exchange freely, one symbol for each group (its first word).
CANONICAL: dict[str, str] = {
    word: group.split()[0]
    for group in """the a an, but yet, that which who whom, is are, was were, has have, does do,
        this these those, on upon, into onto in, could can, may might, would will, shall should
        """.split(",")  # noqa: SIM905
    for word in group.split()
}

# Number words are numbers, so that "nine" and "9" are the same anchor.
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand"
)
_VALUES = (*range(20), *range(20, 100, 10), 100, 1000)
DIGITS = {word: str(value) for word, value in zip(_NUMBERS.split(), _VALUES, strict=True)}

FUNCTION_WORDS = {code: language.function_words for code, language in languages().items()}
CAPITAL_NOUNS = tuple(code for code, language in languages().items() if language.capital_nouns)


def abbreviations(row: str) -> str:
    """The words of this row of all tables: the scan knows of no language."""
    return " ".join(language.abbreviations.get(row, "") for language in languages().values())
