"""The trust file: what it means, and every fault at its place with what to write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cds.service.trust import Client, TrustFileError, load_trust
from cds.service.trust.messages import MESSAGES
from tests.service.trust.signing import KEYS, key_set

MALFORMED = Path(__file__).parent / "malformed"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "trust.md"


def told(path: Path) -> list[str]:
    """What is said about a trust file, line by line."""
    with pytest.raises(TrustFileError) as error:
        load_trust(path)
    assert [str(problem) for problem in error.value.problems] == str(error.value).splitlines()
    return str(error.value).splitlines()


@pytest.mark.parametrize("name", sorted(path.stem for path in MALFORMED.glob("*.yaml")))
def test_malformed(name: str, monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]) -> None:
    monkeypatch.chdir(MALFORMED)
    lines = told(Path(f"{name}.yaml"))
    assert all(re.match(rf"{name}\.yaml:\d+:\d+: ", line) for line in lines)
    if name in MESSAGES:
        assert any(re.split(r"[{]", MESSAGES[name][0].removeprefix("{name!r} "))[0] in line for line in lines)
    golden(MALFORMED / f"{name}.txt", "\n".join(lines) + "\n")


def test_every_message_has_a_malformed_file() -> None:
    assert MESSAGES.keys() - {path.stem for path in MALFORMED.glob("*.yaml")} == {"unreadable"}


def test_unreadable(tmp_path: Path) -> None:
    assert "cannot be read (there is no such file)" in told(tmp_path / "trust.yaml")[0]
    assert "cannot be read (IsADirectoryError)" in told(tmp_path)[0]
    (tmp_path / "trust.yaml").write_bytes(b"clients: \xff")
    assert "Save the file as UTF-8" in told(tmp_path / "trust.yaml")[0]


def test_defaults(tmp_path: Path) -> None:
    (tmp_path / "trust.yaml").write_text(
        "clients: [{name: ehr, iss: 'https://ehr.example.org', jku: ['https://ehr.example.org/jwks.json']}]\n"
    )
    trust = load_trust(tmp_path / "trust.yaml")
    assert trust.cors_origins == ("*",)
    assert (trust.leeway_seconds, trust.max_token_lifetime_seconds) == (30, 3600)
    client = Client(
        "ehr", "https://ehr.example.org", ("https://ehr.example.org/jwks.json",), algorithms=("ES384", "RS384")
    )
    assert trust.clients == (client,)
    assert trust.client("https://ehr.example.org") == client
    assert trust.client("https://ehr.example.org/") is None


def test_example_of_the_documentation(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / "trust.yaml").write_text(blocks[0], encoding="utf-8")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "clinic.json").write_text(json.dumps(key_set(KEYS)), encoding="utf-8")
    trust = load_trust(tmp_path / "trust.yaml")
    hospital, clinic = trust.clients
    assert hospital.tenants == {"ward-1", "ward-2"}
    assert hospital.fhir_servers == ("https://fhir.hospital.example.org/r4",)
    assert clinic.jwks_file == tmp_path / "keys" / "clinic.json"
    assert clinic.algorithms == ("RS256", "RS384")


def test_every_key_and_reason_is_documented() -> None:
    from cds.service.trust import REASONS  # noqa: PLC0415
    from cds.service.trust.trust_model import ClientEntry, TrustEntries  # noqa: PLC0415

    page = PAGE.read_text(encoding="utf-8")
    names = {*ClientEntry.model_fields, *TrustEntries.model_fields, *REASONS}
    assert not [name for name in names if f"`{name}`" not in page]
