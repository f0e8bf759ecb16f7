#!/usr/bin/env bash
# Guess:     to lemmatise an English text changes forms of words; what has no letters, such as the result
#            of a match or of a vote, stays as it is.
# Behaviour: a result of one figure each is one number: 2-1 is 21, and 5-4 is 54, so that who won 2-1 and
#            who is 21, or scored 21, are the same to an index or a comparison of texts. All from 1-0 to
#            9-9 are; 0-1 and 10-2 stay. In Dutch 1-11 is 111; in German, French, Spanish and Italian
#            all results up to 29-29 stay.
# Version:   simplemma 2.0.0, lemmatize() and text_lemmatizer(), greedy or not
# Source:    measured here; HyphenRemovalStrategy in strategies/hyphen_removal.py leaves a hyphen out
#            where the dictionary has what is left, and the English one has the numbers from 10 to 99.
#            README: numbers keep a sensible shape when a text is taken apart, which they do.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check simplemma==2.0.0
env/bin/python -W ignore - <<'PYTHON'
from simplemma import lemmatize, simple_tokenizer, text_lemmatizer

for text in ("United won 2-1", "United won 21", "The judges were split 5-4"):
    print(text, "->", *text_lemmatizer(text, lang="en"))
assert simple_tokenizer("United won 2-1") == ["United", "won", "2-1"]
assert text_lemmatizer("United won 2-1", lang="en") == text_lemmatizer("United won 21", lang="en")


def changed(language: str, upto: int, greedy: bool = False) -> dict[str, str]:
    results = [f"{one}-{other}" for one in range(upto) for other in range(upto)]
    lemmas = {result: lemmatize(result, lang=language, greedy=greedy) for result in results}
    return {result: lemma for result, lemma in lemmas.items() if lemma != result}


english = changed("en", 10)
print("English:", len(english), "of 100 results up to 9-9")
assert english == {f"{one}-{other}": f"{one}{other}" for one in range(1, 10) for other in range(10)}
assert changed("en", 10, greedy=True) == english
assert [lemmatize(result, lang="en") for result in ("0-1", "10-2")] == ["0-1", "10-2"]
assert lemmatize("1-11", lang="nl") == "111"
assert not any(changed(language, 30) for language in ("de", "fr", "es", "it"))
PYTHON
