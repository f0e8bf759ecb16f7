"""The language of a text: English proven by its function words, anything else asked of py3langid.

py3langid reads about 2,000 texts a second; function words are counted anyway.  A text of 20 words
or more that is nearly all ASCII and of which 15 % are English function words is English: in other
languages that share stays below a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

# Set by hand.
_MIN_WORDS = 20
_MIN_SHARE = 0.15
_MAX_NON_ASCII = 0.1
# So much of a text decides its language.
_SAMPLE = 4_000


def language(text: str, *, words: int, function_words: int, non_ascii: int) -> str:
    """The ISO 639-1 code of a `text` of so many `words`; `und` where it has no letters."""
    if (
        words >= _MIN_WORDS
        and function_words >= _MIN_SHARE * words
        and non_ascii <= _MAX_NON_ASCII * len(text)
    ):
        return "en"
    sample = text[:_SAMPLE]
    if not any(character.isalpha() for character in sample):
        return "und"
    import py3langid

    return py3langid.classify(sample)[0]


def languages(texts: Sequence[str], counts: Any) -> list[str]:  # noqa: ANN401 - an integer array
    """The language of each text, from the counts of `quality.count_signals`."""
    rows = np.stack([counts[:, 0] - counts[:, 4], counts[:, 3], counts[:, 13]], axis=1).tolist()
    return [
        language(text, words=words, function_words=function, non_ascii=non_ascii)
        for text, (words, function, non_ascii) in zip(texts, rows, strict=True)
    ]
