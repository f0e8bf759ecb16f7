"""Translations: one story in two languages is linked where that is asked for, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scrub.config import Settings
from scrub.document import Document
from scrub.errors import ConfigError
from scrub.match.features import features
from scrub.match.rewrites.describe import Rewrite
from scrub.match.rewrites.explain import explain_rewrite
from scrub.match.rewrites.terms import vocabulary
from scrub.match.rewrites.translations import find_translations, stems_across
from scrub.match.tokens import tokenize
from scrub.pipeline import analyse, run
from test_match_rewrites import INDEPENDENT, SOURCE, filler

GERMAN = """Hafenbehörde genehmigt 48 Millionen Euro für die Vertiefung der Velmoor-Rinne

Die Hafenbehörde von Velmoor hat am Dienstag beschlossen, 48 Millionen Euro auszugeben, um die Rinne
vom Leuchtturm Ostrin zum Containerkai in Brackhaven zu vertiefen. Direktorin Ilse Tornquist sagte,
die Rinne sei jetzt 11,4 Meter tief und werde bis Ende 2027 auf 13,8 Meter gebracht. "Ohne sie
fahren die großen Schiffe einfach an uns vorbei", sagte Tornquist dem Vorstand.

Sieben Mitglieder stimmten dafür, zwei dagegen. Fischer aus Lower Dunnick hatten gebeten, auf eine
Studie des Marrow-Instituts über Seegras zu warten, deren Ergebnisse für November erwartet werden.
Ihr Sprecher Pauli Renske sagte, 63 Boote seien auf das flache Wasser am Leuchtturm angewiesen.

Der Auftrag geht an Kessler & Holm, eine Baggerfirma aus Altwick, die drei Mitbewerber um 6
Millionen Euro unterbot. Ihr Schiff Grete Amalie soll am 9. März beginnen. Die Behörde rechnet mit
140 zusätzlichen Containerschiffen im Jahr und rund 320 neuen Arbeitsplätzen in Brackhaven."""

RUSSIAN = """Портовое управление выделило 48 миллионов евро на углубление канала Велмоор

Портовое управление Велмоора во вторник решило потратить 48 миллионов евро на углубление канала,
ведущего от маяка Острин к контейнерному причалу в Бракхавене. Директор Ильсе Торнкуист сказала, что
глубина канала, сейчас 11,4 метра, к концу 2027 года достигнет 13,8 метра. «Без этого большие суда
просто пройдут мимо нас», — сказала Торнкуист.

Семь членов проголосовали за, двое против. Рыбаки из Лоуэр-Данника просили дождаться исследования
института Марроу, результаты которого ожидаются в ноябре. Их представитель Паули Ренске заявил, что
63 лодки зависят от отмелей у маяка.

Контракт получит компания «Кесслер и Хольм» из Альтвика, предложившая цену на 6 миллионов евро ниже
трёх конкурентов. Её судно «Грете Амалие» начнёт работу 9 марта. Управление ожидает 140
дополнительных контейнеровозов в год и около 320 новых рабочих мест в Бракхавене."""

PLACES = ("Arven", "Borrow", "Callis", "Dorn", "Elmit", "Farrow", "Gelder", "Hask")


def german_filler(count: int) -> list[str]:
    """Unrelated stories in German, whose words two languages do not have."""
    return [
        f"Der Rat von {PLACES[n % 8]}berg eröffnet eine Bücherei. Das Gebäude bei "
        f"{PLACES[(5 * n + 3) % 8]}heim{n} kostete {n + 3} Millionen Kronen und fasst "
        f"{1011 + 37 * n} Bücher. Der Bürgermeister {PLACES[(n + 5) % 8]}mann{n} durchschnitt das "
        f"Band, und Kinder sangen dazu. Ein Lesesaal für {21 + n} Besucher wird im Frühjahr "
        "geöffnet, wie eine Mitarbeiterin mitteilte. Das alte Haus steht zum Verkauf, und die "
        "Geschäfte in der Nähe hoffen auf Kundschaft. Ein Bus soll vom Mai an alle "
        f"{11 + n} Minuten dort halten, kündigte das Verkehrsamt der Stadt gestern an."
        for n in range(count)
    ]


def corpus(*told: tuple[str, str]) -> tuple[list[str], list[str], list[str]]:
    """Ids, texts and languages of what is told and of fillers in both languages."""
    rows = [*told, *((t, "en") for t in filler(30)), *((t, "de") for t in german_filler(30))]
    return [f"d{n:02}" for n in range(len(rows))], [t for t, _ in rows], [s for _, s in rows]


def found_among(*told: tuple[str, str]) -> list[Rewrite]:
    ids, texts, languages = corpus(*told)
    made = features(texts, Settings().match)
    dates = [""] * len(ids)
    every = np.arange(len(ids))
    words = vocabulary(texts, every, stem=stems_across)
    return find_translations(made, ids, texts, dates, languages, every, words)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lukaschenko", "Лукашенко"), ("Moskva", "Москва"), ("Αθήνα", "Athina"), ("7.5", "7,5")],
    ids=["german-russian", "russian", "greek", "number"],
)
def test_names_and_numbers_are_one_in_any_script(one: str, other: str) -> None:
    first, second = stems_across(tokenize([f"{one}\n\n{other}"])).tolist()
    assert first == second


@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (RUSSIAN, "ru")], ids=["de", "ru"])
def test_a_translation_is_linked_with_its_evidence(text: str, language: str) -> None:
    (found,) = found_among((SOURCE, "en"), (text, language))
    assert (found.pair.id_a, found.pair.id_b, found.pair.relation) == ("d00", "d01", "translation")
    assert found.pair.evidence.startswith(f"{found.grade} translation of ")
    assert "numbers 11" in found.pair.evidence


def test_another_report_of_the_event_is_no_translation() -> None:
    assert found_among((INDEPENDENT, "en"), (GERMAN, "de")) == []


def test_documents_of_one_language_are_not_compared() -> None:
    assert found_among((SOURCE, "en"), (GERMAN, "en")) == []


def test_the_account_that_is_shown_is_the_one_that_decides() -> None:
    ids, texts, languages = corpus((SOURCE, "en"), (GERMAN, "de"))
    made = features(texts, Settings().match)
    (found,) = found_among((SOURCE, "en"), (GERMAN, "de"))
    told = explain_rewrite(made, ids, texts, [""] * len(ids), ids, "d00", "d01", languages)
    assert (told.relation, told.grade, told.total) == ("translation", found.grade, found.total)
    assert round(told.bias + sum(term.value for term in told.terms), 2) == round(told.total, 2)
    assert not told.missing


def test_a_run_links_translations_where_it_is_asked_to_and_drops_none() -> None:
    _, texts, _ = corpus((SOURCE, "en"), (GERMAN, "de"))
    documents = [Document(f"d{n:02}", text) for n, text in enumerate(texts)]
    asked = {"match": {"translations": True}, "keep": {"drop": ["exact", "near", "rewrite"]}}
    told = analyse(documents, Settings.model_validate(asked), flag=False)
    assert [r.pair.relation for r in told.rewrites if r.pair.id_a == "d00"] == ["translation"]
    assert told.verdicts["d00"].kept and told.verdicts["d01"].kept
    silent = analyse(documents, Settings(), flag=False)
    assert [r for r in silent.rewrites if r.pair.relation == "translation"] == []


def test_spark_says_that_it_finds_no_translations(tmp_path: Path) -> None:
    settings = {"engine": {"name": "spark"}, "match": {"translations": True}}
    with pytest.raises(ConfigError, match=r"match\.translations needs --engine local"):
        run([tmp_path], tmp_path / "out", Settings.model_validate(settings))
