"""``cds serve``: who may call is decided before there is a socket."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cds.cli import main
from cds.service import serve as server
from cds.service.serve import Listen
from cds.service.settings import Settings
from tests.cli.reference import help_of
from tests.cli.running import run
from tests.pack.overlay import MINIMAL

TRUST = "clients:\n  - {name: ehr, iss: 'https://ehr.example.org', jku: ['https://ehr.example.org/jwks.json']}\n"
NO_BASE = (
    *("cds.example.org", "ftp://cds.example.org", "https://", "https:///path", "//cds.example.org", "javascript:1"),
    *("https://cds.example.org?a=b", "https://cds.example.org/#x", "https://cds.example.org/?", "http://[::1"),
    *("https://me:secret@cds.example.org", "https://cds.example.org:x", "https://cds example.org", "http://a\nb", ""),
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Settings, Listen]]:
    """What would be served; nothing is."""
    found: list[tuple[Settings, Listen]] = []
    monkeypatch.setattr(server, "run", lambda settings, listen: found.append((settings, listen)))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trust.yaml").write_text(TRUST, encoding="utf-8")
    return found


def test_without_a_trust_file_it_listens_on_this_machine_and_says_so(started: list[tuple[Settings, Listen]]) -> None:
    result = run("serve")
    assert result.exit_code == 0
    assert "No trust file" in result.stderr
    assert "this machine only" in result.stderr
    assert "draft: not for patients" in result.stderr
    [(settings, listen)] = started
    assert listen == Listen("127.0.0.1", 8000)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database == "sqlite:///cds-service.db"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "cds.example.org"])
def test_any_other_address_needs_a_trust_file_or_insecure(started: list[tuple[Settings, Listen]], host: str) -> None:
    refused = run("serve", "--host", host)
    assert refused.exit_code == 2
    assert "--insecure" in refused.stderr
    assert not started
    known = ["--base-url", "https://cds.example.org"]
    assert run("serve", "--host", host, "--trust", "trust.yaml", *known).exit_code == 0
    loud = run("serve", "--host", host, "--insecure")
    assert loud.exit_code == 0
    assert "EVERYBODY" in loud.stderr
    assert len(started) == 2


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_other_names_of_this_machine_are_fine(started: list[tuple[Settings, Listen]], host: str) -> None:
    assert run("serve", "--host", host).exit_code == 0
    assert started


def test_settings_reach_the_service(started: list[tuple[Settings, Listen]]) -> None:
    options = ["--pack", str(MINIMAL), "--port", "9", "--workers", "3", "--base-url", "https://cds.example.org/x/"]
    options += ["--database", "sqlite:///other.db", "--fhir-server", "https://ehr.example.org/fhir"]
    assert run("serve", *options, "--fhir-seconds", "1.5").exit_code == 0
    [(settings, listen)] = started
    assert listen == Listen("127.0.0.1", 9, 3)
    assert settings.packs == (MINIMAL,)
    assert settings.base_url == "https://cds.example.org/x"
    assert settings.prefix == "/x"
    assert settings.fhir_servers == ("https://ehr.example.org/fhir",)
    assert settings.fhir_seconds == 1.5


def test_which_names_and_pages_are_ours(started: list[tuple[Settings, Listen]]) -> None:
    known = ["--base-url", "https://cds.example.org/"]
    for options in ([], ["--host", "0.0.0.0", "--insecure"], ["--host", "0.0.0.0", "--insecure", *known], known):
        assert run("serve", *options).exit_code == 0
    assert [settings.hosts for settings, _ in started] == [("127.0.0.1",), ("*",), ("0.0.0.0",), ("127.0.0.1",)]
    assert started[-1][0].base_url == "https://cds.example.org"
    server_ = ["--fhir-server", "https://fhir.example.org"]
    pages = ["--cors-origin", "https://a.example", "--cors-origin", "http://localhost:3000"]
    for options in (server_, pages, [*server_, *pages]):
        assert run("serve", *options).exit_code == 0
    two = ("https://a.example", "http://localhost:3000")
    assert [settings.origins for settings, _ in started] == [("*",)] * 4 + [(), two, two]


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        (["--host", "192.168.1.5"], True),
        (["--host", "0.0.0.0", "--base-url", "http://cds.example.org"], True),
        (["--host", "0.0.0.0", "--base-url", "https://cds.example.org"], False),
        (["--host", "192.168.1.5", "--tls-certificate", "trust.yaml", "--tls-key", "trust.yaml"], False),
        ([], False),
    ],
)
def test_tokens_in_the_clear_are_warned_of(
    started: list[tuple[Settings, Listen]], options: list[str], warned: bool
) -> None:
    result = run("serve", "--trust", "trust.yaml", *options)
    assert result.exit_code == 0
    assert ("in the clear" in result.stderr) == warned
    assert started


def test_settings_survive_the_way_to_a_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CDS_SERVICE_SETTINGS", "")
    settings = Settings(
        (MINIMAL.resolve(),),
        "http://127.0.0.1:1",
        "sqlite:///x",
        tmp_path / "t",
        ("https://a.example",),
        ("https://b.example",),
        ("c.example",),
    )
    settings.to_environment()
    assert Settings.from_environment() == settings


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--tls-key", "trust.yaml"], "belong together"),
        (["--trust", "trust.yaml", "--fhir-server", "https://a.example"], "stand in it"),
        (["--trust", "trust.yaml", "--cors-origin", "https://a.example"], "stand in it"),
        (["--trust", "trust.yaml", "--host", "0.0.0.0"], "give --base-url"),
        (["--trust", "trust.yaml", "--host", "::"], "give --base-url"),
        (["--trust", "trust.yaml", "--port", "0"], "give --base-url"),
        *((["--base-url", url], "no base address") for url in NO_BASE),
        *(
            (["--cors-origin", text], "write an origin")
            for text in ("ehr", "https://ehr.example/", "https://Ehr.example")
        ),
        (["--trust", "missing.yaml"], "does not exist"),
        (["--pack", "nothing"], "there is no pack"),
        (["--workers", "0"], "0 is not in the range"),
    ],
)
def test_wrong_usage(started: list[tuple[Settings, Listen]], options: list[str], says: str) -> None:
    result = run("serve", *options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not started


def test_what_keeps_it_from_starting_is_said_once_and_clearly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trust.yaml").write_text("clients:\n  - {name: ehr}\n", encoding="utf-8")
    result = run("serve", "--trust", "trust.yaml")
    assert result.exit_code == 1
    assert "trust.yaml:2" in result.stderr
    result = run("serve", "--database", "sqlite:////nowhere/at/all.db")
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr


def test_the_examples_are_commands(started: list[tuple[Settings, Listen]]) -> None:
    shown = help_of("cds serve", main.commands["serve"]).partition("Examples:\n")[2].partition("\n\n")[0]
    examples = shown.strip().splitlines()
    assert len(examples) >= 2
    for example in examples:
        assert run(*example.split()[1:]).exit_code == 0, example
    assert len(started) == len(examples)


def test_other_commands_do_without_the_service() -> None:
    """What only the service needs takes a second to import."""
    code = "import sys, cds.cli; print(sorted({'sqlalchemy', 'starlette', 'uvicorn', 'httpx2'} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == "[]\n"
