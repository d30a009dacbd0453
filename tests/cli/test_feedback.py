"""``cds feedback report``: formats, filters, and what it says when it cannot be made."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cds.cli.feedback import feedback
from cds.service.store import Database, FeedbackItem, OverrideReason, Showing
from cds.service.store.kept_feedback import keep
from cds.service.store.migrate import migrate
from cds.service.store.shown_cards import record
from tests.cli.running import ROOT

HEADER = [
    *("shown", "with feedback", "accepted", "overridden", "share with feedback", "share overridden"),
    "override reasons",
]
COMMENT = "=1+1 marked\ncomment \x1b[31m"


def _report(*options: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(feedback, ["report", *options], env=env or {}, prog_name="cds feedback")


def _showing(card: str, level: str, day: int, *rules: str, kind: str = "recommendation") -> Showing:
    return Showing(card, "back", "back", "1.0", level, level, "emergency", kind, rules, date(2026, 11, day))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with three cards, and feedback on two of them and on one that nobody knows."""
    url = f"sqlite:///{tmp_path_factory.mktemp('feedback') / 'service.db'}"
    base = Database.of(url)
    migrate(base)
    cards = [_showing("a", "emergency", 20, "r1", "r2"), _showing("b", "routine", 21, kind="open")]
    record(base, [*cards, _showing("c", "routine", 22, "r1")])
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    items = [
        FeedbackItem("a", "overridden", at, (), OverrideReason("=cmd", "https://example.org/reasons", COMMENT)),
        FeedbackItem("c", "accepted", at, ("s",)),
        FeedbackItem("z", "overridden", at),
    ]
    keep(base, "back", "https://ehr.example.org", items)
    base.close()
    return url


def _lines(found: Result) -> list[list[str]]:
    assert (found.exit_code, found.stderr) == (0, "")
    return [line.split("\t") for line in found.stdout.splitlines()]


def test_lines_are_tab_separated(url: str) -> None:
    assert _lines(_report("--database", url)) == [
        ["rule", *HEADER],
        ["r1", "2", "2", "1", "1", "100.0%", "50.0%", "=cmd: 1"],
        ["(no rule)", "1", "0", "0", "0", "0.0%", "", ""],
        ["r2", "1", "1", "0", "1", "100.0%", "100.0%", "=cmd: 1"],
        ["all recorded cards", "3", "2", "1", "1", "66.7%", "50.0%", "=cmd: 1"],
        ["unknown card", "", "1", "0", "1", "", "100.0%", "(no reason given): 1"],
    ]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--by", "level"], {"routine": 2, "emergency": 1}),
        (["--by", "outcome", "--since", "2026-11-22"], {"routine": 1}),
        (["--by", "outcome", "--until", "2026-11-21"], {"emergency": 1, "routine": 1}),
        (["--by", "service", "--since", "2026-11-21", "--until", "2026-11-21"], {"back": 1}),
        (["--by", "service", "--pack", "back"], {"back": 3}),
        (["--by", "level", "--kind", "open"], {"routine": 1}),
    ],
)
def test_what_is_counted(url: str, options: list[str], shown: dict[str, int]) -> None:
    found = _report("--format", "json", *options, env={"CDS_DATABASE": url})
    assert (found.exit_code, found.stderr) == (0, "")
    plain: dict[str, Any] = json.loads(found.stdout)
    assert plain["by"] == options[1]
    assert {row[plain["by"]]: row["shown"] for row in plain["rows"]} == shown
    assert plain["total"]["shown"] == sum(shown.values())


def test_json(url: str) -> None:
    plain = json.loads(_report("--database", url, "--format", "json").stdout)
    assert plain["rows"][0] == {
        "rule": "r1",
        "shown": 2,
        "with_feedback": 2,
        "accepted": 1,
        "overridden": 1,
        "share_with_feedback": 1.0,
        "share_overridden": 0.5,
        "reasons": [
            {"code": "=cmd", "system": "https://example.org/reasons", "comment_only": False, "cards": 1},
        ],
    }
    assert (plain["unknown_card"]["shown"], plain["unknown_card"]["overridden"]) == (None, 1)


def test_csv_runs_nothing_in_a_spreadsheet(url: str) -> None:
    rows = list(csv.reader(io.StringIO(_report("--database", url, "--format", "csv").stdout)))
    assert rows[0] == ["rule", *HEADER]
    assert rows[1] == ["r1", "2", "2", "1", "1", "100.0%", "50.0%", "'=cmd: 1"]


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_comments_only_when_asked_for(url: str, form: str) -> None:
    counts = _report("--database", url, "--format", form)
    assert "marked" not in counts.stdout
    found = _report("--database", url, "--format", form, "--comments")
    assert (found.exit_code, found.stderr) == (0, "")
    assert "marked" in found.stdout
    assert "\x1b" not in found.stdout
    if form == "json":
        assert json.loads(found.stdout) == [
            {
                "time": "2026-11-22T08:00:00.000000Z",
                "service": "back",
                "level": "emergency",
                "rules": ["r1", "r2"],
                "reason": "=cmd",
                "comment": COMMENT,
            }
        ]
    else:
        assert len(found.stdout.splitlines()) == 2
        assert ("'=1+1 marked comment" in found.stdout) == (form == "csv")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--pack", "absent"], "nothing was recorded of a pack 'absent'; there are: back"),
        (["--since", "2026-11-22", "--until", "2026-11-21"], "--since is later than --until"),
        (["--since", "yesterday"], "does not match the format '%Y-%m-%d'"),
        (["--by", "patient"], "is not one of"),
    ],
)
def test_wrong_usage(url: str, options: list[str], said: str) -> None:
    found = _report("--database", url, *options)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr


def test_a_database_url_that_cannot_be_used() -> None:
    found = _report("--database", "mysql://me:secret@host/name")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "write sqlite:///FILE" in found.stderr
    assert "secret" not in found.stderr


def test_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    found = _report("--database", "postgresql://me:secret@127.0.0.1:1/name")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith("the database postgresql://127.0.0.1:1/name cannot be used (OperationalError)")
    absent = tmp_path / "absent.db"
    found = _report("--database", f"sqlite:///{absent}")
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr == f"there is no database sqlite:///{absent}: name the one that the service uses\n"
    assert not absent.exists()


def test_help_has_examples_and_every_option_help() -> None:
    found = CliRunner().invoke(feedback, ["report", "--help"])
    assert found.exit_code == 0
    assert found.stdout.count("cds feedback report --") >= 2
    assert all(getattr(option, "help", None) for option in feedback.commands["report"].params)


def test_other_commands_do_not_wait_for_the_database_library() -> None:
    program = "import sys, cds.cli.feedback; sys.exit('sqlalchemy' in sys.modules or 'alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.fixture
def old_url(tmp_path: Path) -> str:
    """A database with a card of long ago and one of 2026."""
    url = f"sqlite:///{tmp_path / 'service.db'}"
    base = Database.of(url)
    migrate(base)
    record(base, [replace(_showing("a", "routine", 1, "r1"), day=date(2020, 1, 1)), _showing("b", "routine", 20)])
    keep(base, "back", None, [FeedbackItem("a", "overridden", datetime(2020, 1, 1, tzinfo=UTC))])
    base.close()
    return url


def _prune(*options: str, answer: str = "") -> Result:
    return CliRunner().invoke(feedback, ["prune", *options], input=answer, prog_name="cds feedback")


def _shown(url: str) -> int:
    shown: int = json.loads(_report("--database", url, "--format", "json").stdout)["total"]["shown"]
    return shown


def test_prune_removes_what_is_older_and_says_how_much(old_url: str) -> None:
    found = _prune("--database", old_url, "--before", "2020-01-02", "--yes")
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout == "removed: 1 cards shown, 0 feedback items\n"  # the feedback came just now
    assert _shown(old_url) == 1


def test_prune_does_nothing_unless_told(old_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ["--database", old_url, "--before", "2020-01-02"]
    unasked = _prune(*options)
    assert unasked.exit_code == 2
    assert "give --yes" in unasked.stderr
    assert _shown(old_url) == 2
    monkeypatch.setattr("cds.cli.feedback._asks", lambda: True)
    refused = _prune(*options, answer="n\n")
    assert refused.exit_code == 1
    assert "Remove 1 cards shown and 0 feedback items" in refused.stderr
    assert _shown(old_url) == 2
    assert _prune(*options, answer="y\n").exit_code == 0
    assert _shown(old_url) == 1


def test_prune_wants_a_day_that_has_come_and_a_database(old_url: str, tmp_path: Path) -> None:
    for options, status, said in (
        (["--database", old_url, "--before", "9999-01-01"], 2, "in the future"),
        (["--database", old_url], 2, "Missing option '--before'"),
        (["--database", f"sqlite:///{tmp_path / 'absent.db'}", "--before", "2020-01-01"], 1, "there is no database"),
    ):
        found = _prune(*options, "--yes")
        assert (found.exit_code, found.stdout) == (status, "")
        assert said in found.stderr
    assert _shown(old_url) == 2
