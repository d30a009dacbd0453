"""Where things stand, in YAML and in JSON."""

from __future__ import annotations

from pathlib import Path

from cds.verify.static.sources import QUESTIONNAIRE, Sources
from tests.pack.overlay import MINIMAL

SOURCES = Sources(MINIMAL)


def line(place_file: str, number: int) -> str:
    return (MINIMAL / place_file).read_text(encoding="utf-8").splitlines()[number - 1]


def test_places_are_where_the_names_stand() -> None:
    for place, text in (
        (SOURCES.finding("breathless"), "id: breathless"),
        (SOURCES.code("cough", "wet"), "code: wet"),
        (SOURCES.question("smoker"), '"linkId": "smoker"'),
        (SOURCES.listed("citations.yaml", ("citations",), "LEAFLET", key="key"), "key: LEAFLET"),
        (SOURCES.place("pack.yaml", ("review",)), "review:"),
        (SOURCES.word("codes/ValueSet-egfr.json", "98979-8"), '"98979-8"'),
    ):
        assert text in line(place.file, place.line)


def test_what_is_not_there_has_the_nearest_place() -> None:
    assert SOURCES.finding("mood").line == 1
    assert SOURCES.code("mood", "good").name == "mood"
    assert SOURCES.question("mood").line == 1
    assert SOURCES.word("codes/ValueSet-none.json", "x").line == 1


def test_a_pack_without_files() -> None:
    sources = Sources(Path("nowhere"))
    assert (sources.finding("age").line, sources.question("age").line) == (1, 1)
    assert sources.place(QUESTIONNAIRE, ("title",)).line == 1
    assert list(sources.code_systems()) == []


def test_json_that_is_not_yaml_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / QUESTIONNAIRE).write_text(
        '{"item": [\n{"linkId": "mood", "text": "\\ud83d\\ude00"}]}', encoding="utf-8"
    )
    sources = Sources(tmp_path)
    assert sources.question("mood").line == 1
    assert sources.resource(QUESTIONNAIRE) == {"item": [{"linkId": "mood", "text": "\N{GRINNING FACE}"}]}
    assert sources.resource("none.json") is None
