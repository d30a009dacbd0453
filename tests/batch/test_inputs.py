"""Which files hold what."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from cds.batch.inputs import find_inputs
from cds.batch.problem import BatchError
from tests.batch.exports import write

RESPONSE = b'{"resourceType": "QuestionnaireResponse"}'


def _names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


@pytest.mark.parametrize("name", ["QuestionnaireResponse.000", "1.QuestionnaireResponse", "my-QuestionnaireResponse_2"])
def test_the_name_tells(name: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.ndjson").write_bytes(b"")
    assert len(find_inputs(tmp_path).responses) == 1


def test_the_first_line_tells_what_the_name_does_not(tmp_path: Path) -> None:
    write(tmp_path / "a.ndjson.gz", [b"", b"{broken", RESPONSE])
    write(tmp_path / "b.ndjson", [b'{"resourceType": "Condition"}'])
    write(tmp_path / "c.ndjson", [b'{"resourceType": "Encounter"}'])
    write(tmp_path / "d.ndjson", [b"[]", b"{broken"])
    (tmp_path / "notes.txt").write_text("left out")
    found = find_inputs(tmp_path)
    # What nobody can tell may be responses: it is read, and refused line by line.
    assert _names(found.responses) == ["a.ndjson.gz", "d.ndjson"]
    assert (_names(found.chart), _names(found.left_alone)) == (["b.ndjson"], ["c.ndjson"])


def test_a_manifest_names_the_files_beside_it(tmp_path: Path) -> None:
    for name in ("one.ndjson", "two.ndjson", "not-listed.ndjson"):
        write(tmp_path / name, [RESPONSE])
    output = [
        {"type": "QuestionnaireResponse", "url": "https://example.org/export/one.ndjson?token=x"},
        {"type": "Patient", "url": "https://example.org/export/two.ndjson"},
    ]
    (tmp_path / "manifest.json").write_bytes(orjson.dumps({"output": output}))
    found = find_inputs(tmp_path / "manifest.json")
    assert (_names(found.responses), _names(found.chart)) == (["one.ndjson"], ["two.ndjson"])


def test_responses_among_other_resources_are_read(tmp_path: Path) -> None:
    write(tmp_path / "mixed.ndjson", [b'{"resourceType": "Encounter"}', RESPONSE])
    assert _names(find_inputs(tmp_path).responses) == ["mixed.ndjson"]


def test_two_outputs_of_one_name(tmp_path: Path) -> None:
    """The first would be read twice, and the patients of the second would be lost."""
    write(tmp_path / "one.ndjson", [RESPONSE])
    output = [{"type": "QuestionnaireResponse", "url": f"https://example.org/{part}/one.ndjson"} for part in "ab"]
    (tmp_path / "manifest.json").write_bytes(orjson.dumps({"output": output}))
    with pytest.raises(BatchError, match=r"two outputs are called one\.ndjson"):
        find_inputs(tmp_path / "manifest.json")


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (b"[]", "this is not a bulk manifest"),
        (b'{"output": [{"type": "QuestionnaireResponse"}]}', "this is not a bulk manifest"),
        (b'{"output": [{"type": 1, "url": "x"}]}', "must be text"),
        (b'{"output": [{"type": "QuestionnaireResponse", "url": "../../gone.ndjson"}]}', "gone.ndjson is not beside"),
        (b'{"output": []}', "there is no QuestionnaireResponse file"),
    ],
)
def test_a_manifest_that_cannot_be_followed(manifest: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(BatchError, match=says):
        find_inputs(tmp_path / "manifest.json")


def test_a_folder_without_responses(tmp_path: Path) -> None:
    write(tmp_path / "Patient.ndjson", [b"{}"])
    with pytest.raises(BatchError, match="there is no QuestionnaireResponse file"):
        find_inputs(tmp_path)
