"""The tables: made from nothing, made once, made by many at the same time, and never those of a newer program."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from cds.service.store import Database, DatabaseUrlError, SchemaError, Store, StoreUnavailable
from cds.service.store.migrate import check_schema, head, migrate
from cds.service.store.tables import VERSION_TABLE, metadata

ROOT = Path(__file__).resolve().parents[3]


def test_from_nothing_and_again(url: str) -> None:
    for _ in range(2):
        base = Database.of(url)
        migrate(base)
        check_schema(base)
        with base.snapshot() as connection:
            assert set(inspect(connection).get_table_names()) == {VERSION_TABLE, *metadata.tables}
            assert connection.scalar(text(f"SELECT count(*) FROM {VERSION_TABLE}")) == 1  # noqa: S608
        base.close()


def test_migrations_make_the_tables_that_the_program_uses(database: Database) -> None:
    with database.snapshot() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "target_metadata": metadata}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_comparison_would_notice(database: Database) -> None:
    with database.quick.begin() as connection:
        connection.execute(text("ALTER TABLE cds_feedback ADD COLUMN patient VARCHAR"))
        connection.execute(text("DROP INDEX ix_cds_shown_day"))
    with database.snapshot() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert {change[0] for change in compare_metadata(context, metadata)} == {"remove_column", "add_index"}


def test_many_processes_at_once(url: str) -> None:
    program = (
        "import sys\n"
        "from cds.service.store import Store\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "Store.open(sys.argv[1]).close_now()\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 6, said
    base = Database.of(url)
    check_schema(base)
    base.close()


def test_tables_of_a_newer_program_are_refused(url: str) -> None:
    Store.open(url).close_now()
    base = Database.of(url)
    with base.quick.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))  # noqa: S608
    for refused in (lambda: Store.open(url), lambda: check_schema(base)):
        with pytest.raises(SchemaError, match=f"newer version.*9999.*knows {head()}.*update the program"):
            refused()
    base.close()


def test_a_report_makes_no_tables(url: str) -> None:
    base = Database.of(url)
    with pytest.raises(SchemaError, match=r"there is no database|has no tables"):
        check_schema(base)
    base.close()
    if base.file is not None:
        assert not base.file.exists()


def test_a_migration_that_fails_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base = Database.of(url)

    def fail(connection: object) -> None:
        raise RuntimeError("stop")

    # The last thing of a migration is the number that it writes.
    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", lambda *_: fail(None))
    with pytest.raises(RuntimeError, match="stop"):
        migrate(base)
    monkeypatch.undo()
    with base.snapshot() as connection:
        assert inspect(connection).get_table_names() == []
    migrate(base)
    check_schema(base)
    base.close()


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Store.open(f"sqlite:///{tmp_path / 'service.db'}").close_now()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "service.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
@pytest.mark.parametrize("linked", [False, True])
def test_a_file_that_is_open_to_others_is_refused(tmp_path: Path, mode: int, linked: bool) -> None:
    file = tmp_path / "service.db"
    Store.open(f"sqlite:///{file}").close_now()
    file.chmod(mode)
    named = tmp_path / "link.db" if linked else file
    if linked:
        named.symlink_to(file)
    with pytest.raises(DatabaseUrlError, match="chmod 600"):
        Store.open(f"sqlite:///{named}")
    file.chmod(0o600)
    Store.open(f"sqlite:///{named}").close_now()


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "service.db"
    Store.open(f"sqlite:///{file}").close_now()
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    with pytest.raises(DatabaseUrlError, match="belongs to another user"):
        Store.open(f"sqlite:///{file}")


def test_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "absent" / "service.db")
    with pytest.raises(DatabaseUrlError, match="cannot be made"):
        Store.open(f"sqlite:///{tmp_path / 'link.db'}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but long enough to be asked about it\n" * 50)
    file.chmod(0o600)
    with pytest.raises(StoreUnavailable, match=r"SQLITE_NOTADB.*check that it is an SQLite file"):
        Store.open(f"sqlite:///{file}")
    assert file.read_text().startswith("not a database")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError, match=r"cannot be made.*check the folder"):
        Store.open(f"sqlite:///{tmp_path / 'absent' / 'service.db'}")


def test_a_folder_with_a_percent_sign(tmp_path: Path) -> None:
    folder = tmp_path / "100%(here)s"
    folder.mkdir()
    Store.open(f"sqlite:///{folder / 'service.db'}").close_now()
    assert (folder / "service.db").stat().st_size > 0
