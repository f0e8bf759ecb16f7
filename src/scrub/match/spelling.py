"""Names by their sound, and letters written as two: what one text spells so, another otherwise.

A name in another alphabet has as many spellings as newsrooms (Kiev, Kyiv; Gaddafi, Qadhafi).  What
they share is the order of the consonants in classes of like sound, as in Soundex (Russell 1918)
and its many followers.  Set by hand on respellings in the press; two names of one sound are taken
for one, so classes are kept narrow where a name has few consonants.
"""

from __future__ import annotations

import numpy as np

from scrub.hashing import FNV_OFFSET, fnv1a_step, mixed
from scrub.kernels import Array, kernel
from scrub.match.characters import character, decode, second

# What two respellings of a name have in common: the upper bits of its symbol and the kind's two.
SOUND = 0xFFFF0003
_NAME = 2  # the kind, as `scrub.match.scan` numbers them
_FEWEST = 2  # consonants that identify a name; one of fewer is known by all its letters
_FEW = 2  # ... where its first vowel counts, too


def _sounds() -> tuple[int, ...]:
    """The class of each letter up to the end of Cyrillic: 0 for a vowel, else a letter's code."""
    sounds = list(range(0x530))
    for vowel in "aeiouyαεηιουωаеиоуыэюяіїєьъ":
        sounds[ord(vowel)] = 0
    for group in ("kcqgx", "fvw", "sz", "гґх", "сз", "вф"):
        for letter in group:
            sounds[ord(letter)] = ord(group[0])
    return tuple(sounds)


_SOUNDS = np.array(_sounds(), np.uint32)
_A, _C, _D, _E, _H, _I, _J, _O, _P, _Q, _S, _T, _U, _X, _Y = map(ord, "acdehijopqstuxy")
_F, _K, _CH = ord("f"), ord("k"), 1


@kernel()
def _letters(data: Array, table: Array, start: int, end: int, letters: Array) -> Array:
    """The folded letters of a word, at most as many as there is room for; how many."""
    i, n = np.int64(start), 0
    while i < end and n + 1 < len(letters):
        code, width = decode(data, i, np.int64(end))
        bits = character(table, code)
        i += width
        if bits & 0xFFFF and bits >> 16 & 1:
            letters[n] = bits & 0xFFFF
            n += 1
            if second(bits):
                letters[n] = second(bits)
                n += 1
    return n


@kernel()
def name_symbol(word: int, data: Array, table: Array, start: int, end: int) -> Array:
    """The symbol of the name at bytes start..end, whose hash is `word`."""
    letters = np.empty(48, np.uint32)
    n = _letters(data, table, start, end, letters)
    value = np.uint64(FNV_OFFSET)
    pending = consonants = vowel = final = 0
    for k in range(n + 1):
        letter = letters[k] if k < n else np.uint32(0)
        sound = _SOUNDS[letter] if letter < len(_SOUNDS) else letter
        if letter == _H and k:  # Sarah, Riyadh
            if pending == _P:
                pending = _F
            elif pending == _K and letters[k - 1] == _C:
                pending = _CH
        elif sound == pending or (pending == _S and letter == _C):
            pass  # Odessa, Zschäpe
        elif pending == _T and (sound == _S or letter == _C):
            pending = int(sound)  # Tchaikovsky, Switzer
        elif pending == _D and letter == _J:
            pending = int(sound)  # Djokhar
        else:
            if pending:
                value = fnv1a_step(value, pending)
                consonants += 1
            pending = int(sound)
            if letter == _X:
                value = fnv1a_step(value, _K)
                consonants += 1
                pending = _S
        if k < n and sound == 0:
            if k == 0:
                value = fnv1a_step(value, _A)
                consonants += 1
            if vowel == 0:
                vowel = 1 + (letter == _A) + 2 * (letter in (_E, _I, _Y))
            final = letter != _E  # Clark, Clarke
        elif k < n and letter != _H:
            final = 0
    if consonants < _FEWEST:
        return word
    if consonants == _FEW:
        value = fnv1a_step(value, vowel)
    value = fnv1a_step(value, final)
    return np.uint32(mixed(value) & np.uint32(0xFFFF0000)) | np.uint32(word) >> np.uint32(16)


@kernel()
def without_digraphs(data: Array, table: Array, start: int, end: int) -> Array:
    """The hash of the word at start..end with ae, oe, ue and aa as one letter; 0 without these.

    Behind a, e and q the u of ue is no umlaut: neue, Quelle.
    """
    letters = np.empty(128, np.uint32)
    n = _letters(data, table, start, end, letters)
    value = np.uint64(FNV_OFFSET)
    found = False
    for k in range(n):
        letter, before = letters[k], letters[k - 1] if k else np.uint32(0)
        if (letter == _E and before in (_A, _O)) or (letter == _A and before == _A):
            found = True
            continue
        if letter == _E and before == _U and not (k > 1 and letters[k - 2] in (_A, _E, _Q)):
            found = True
            continue
        value = fnv1a_step(value, letter)
    return mixed(value) if found and n < len(letters) - 1 else np.uint32(0)


@kernel(inline="always")
def same_word(one: Array, other: Array) -> Array:
    """Whether two units are one word, or two spellings of one name."""
    return one == other or (one & 3 == _NAME and (one ^ other) & np.uint32(SOUND) == 0)
