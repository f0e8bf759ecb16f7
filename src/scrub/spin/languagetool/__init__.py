"""LanguageTool: agreement and article errors as evidence of exchanged words.

`flags` marks the words of suspect documents, `problem` says beforehand why it could not.
"""

from scrub.document import LanguageToolReport
from scrub.spin.languagetool.answers import Match
from scrub.spin.languagetool.checker import check_sentences, problem
from scrub.spin.languagetool.flags import flags

__all__ = ["LanguageToolReport", "Match", "check_sentences", "flags", "problem"]
