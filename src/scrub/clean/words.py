"""English words the stage knows: function words, and a dictionary for rejoined words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# The commonest closed-class words of English; their share of a text's words separates prose from
# lists, and English from other languages.
FUNCTION_WORDS = frozenset(
    # words read better than quotes
    """a about above after again against all also although am among an and another any are around
    as at away back be because been before being below between both but by can could did do does
    done down during each either even ever every few for from further get got had has have
    having he her here hers him himself his how however i if in into is it its itself just least
    less like many may me might more most much must my near never next no nor not nothing now of
    off often on once one only onto or other others our out over own per put quite rather same
    she should since so some something still such than that the their them themselves then there
    these they this those though through thus to together too toward towards under until up upon
    us very was we well were what when where whether which while who whom whose why will with
    within without would yet you your""".split()  # noqa: SIM905
)


@cache
def dictionary() -> frozenset[str]:
    """82,765 lower-cased English words with their inflections, from symspellpy's list (MIT)."""
    listed = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = listed.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.partition(" ")[0] for line in lines)
