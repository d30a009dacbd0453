"""A run is counted as Arrow counts its Parquet, and not at all unless everything in it agrees."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cds import default_pack
from cds.batch import BatchOptions, run_batch
from cds.pack import Pack, load_pack
from cds.report import ReportError, read_run
from tests.batch.exports import export, write
from tests.report.broken_runs import BROKEN
from tests.report.runs import FIRST, change_manifest, change_record, copy, rewrite


def _counted(column: Any) -> dict[str, int]:
    """How often each value is in a column of Arrow, those of lists one by one."""
    if pa.types.is_list(column.type):
        column = pc.list_flatten(column)
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(column).to_pylist()}


def test_counts_are_those_that_arrow_finds_in_the_parquet(tmp_path: Path) -> None:
    export(tmp_path / "in")
    write(tmp_path / "in" / "QuestionnaireResponse.broken.ndjson", [b"{broken", b"{}"])
    run_batch(tmp_path / "in", tmp_path / "out", BatchOptions(default_pack(), lines=30))
    steps: list[int] = []
    pack = load_pack(default_pack())
    run = read_run(tmp_path / "out", pack, steps.append)
    table = pa.concat_tables(pq.read_table(path) for path in sorted((tmp_path / "out").glob("*.parquet")))
    tally, counts = run.tally, run.manifest.counts
    assert tally.outcomes == _counted(table["outcome"])
    assert tally.fired == _counted(table["fired"])
    assert tally.contradictions == _counted(table["contradictions"])
    assert tally.open_findings == _counted(table["open"])
    assert tally.contradicting == sum(1 for names in table["contradictions"].to_pylist() if names) > 0
    assert tally.with_chart == pc.sum(pc.greater(table["chart"], 0)).as_py() > 0
    incomplete = table.filter(pc.equal(table["outcome"], "incomplete"))
    assert tally.possible == _counted(incomplete["possible_level"])
    assert steps[-1] == counts.assessed == len(table)
    assert (counts.refused, counts.responses) == (2, len(table) + 2)
    _check_questions(pack, tally, table)
    parquet = tmp_path / "out" / "Assessment.000.parquet"
    parquet.write_bytes(parquet.read_bytes()[:-1])
    with pytest.raises(ReportError, match=r"Assessment.000.parquet: it has \d+ bytes, the manifest says"):
        read_run(tmp_path / "out", pack)


def _check_questions(pack: Pack, tally: Any, table: Any) -> None:
    """Each response once for each question: held back if any finding of the question withholds, else merely open."""
    held: Counter[str] = Counter()
    merely: Counter[str] = Counter()
    asks = {name: [source.link_id for source in pack.findings[name].answers][:1] for name in pack.findings}
    for row in table.select(["open", "withholding"]).to_pylist():
        withholding = {link for name in row["withholding"] for link in asks[name]}
        open_all = {link for name in row["open"] for link in asks[name]}
        held.update(withholding)
        merely.update(open_all - withholding)
    assert {question.link_id: count for question, count in tally.held_back.items() if question.link_id} == held
    assert {question.link_id: count for question, count in tally.merely_open.items() if question.link_id} == merely
    assert held
    assert merely


def test_a_run_that_names_a_chart_of_nobody_is_not_whole(ankle: Path, ankle_pack: Pack) -> None:
    run = read_run(ankle, ankle_pack)
    assert run.tally.not_whole == run.manifest.counts.assessed == 8
    assert run.manifest.counts.chart_resources_refused == 1


def test_an_empty_run_is_nothing_but_zeros(tmp_path: Path, ankle_pack: Pack) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "QuestionnaireResponse.ndjson", [])
    run_batch(tmp_path / "in", tmp_path / "out", BatchOptions(ankle_pack.folder, parquet=False))
    run = read_run(tmp_path / "out", ankle_pack)
    assert run.manifest.counts.responses == run.tally.outcomes.total() == 0
    assert run.manifest.empty == ["QuestionnaireResponse.ndjson"]


@pytest.mark.parametrize("what", BROKEN)
def test_what_does_not_agree_is_never_drawn(what: str, ankle: Path, ankle_pack: Pack, tmp_path: Path) -> None:
    change, message = BROKEN[what]
    out = copy(ankle, tmp_path)
    change(out)
    with pytest.raises(ReportError) as caught:
        read_run(out, ankle_pack)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(out)), "an error names the file"


def test_a_file_that_goes_away_meanwhile(
    ankle: Path, ankle_pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = copy(ankle, tmp_path)
    monkeypatch.setattr("cds.report.read.check_size", lambda out, file: (out / file.url).unlink(missing_ok=True))
    with pytest.raises(ReportError, match=f"{FIRST}: it cannot be read: No such file or directory"):
        read_run(out, ankle_pack)


def test_every_change_of_a_byte_is_noticed_or_changes_nothing(ankle: Path, ankle_pack: Pack, tmp_path: Path) -> None:
    out = copy(ankle, tmp_path)
    data = (out / FIRST).read_bytes()
    for place in range(0, len(data), 97):
        (out / FIRST).write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(ReportError):
            read_run(out, ankle_pack)


def test_errors_say_nothing_of_a_patient(ankle: Path, ankle_pack: Pack, tmp_path: Path) -> None:
    for member in ("outcome", "level", "pack", "fired", "open", "chart"):
        out = copy(ankle, tmp_path / member)
        change_record(out, lambda record, member=member: record.update({member: "Jane Doe"}))  # type: ignore[misc]
        with pytest.raises(ReportError) as caught:
            read_run(out, ankle_pack)
        assert "Jane" not in str(caught.value)


def test_memory_does_not_grow_with_the_run(ankle: Path, ankle_pack: Pack, tmp_path: Path) -> None:
    import tracemalloc  # noqa: PLC0415 - only here

    def peak(copies: int) -> int:
        out = copy(ankle, tmp_path / str(copies))
        line = (out / FIRST).read_bytes().splitlines(keepends=True)[0]
        outcome = orjson.loads(line)["outcome"]
        rewrite(out, FIRST, line * copies)
        rest = sum(len(path.read_bytes().splitlines()) for path in out.glob("Assessment.*.ndjson")) - copies

        def change(told: dict[str, Any]) -> None:
            told["output"] = told["output"][:1]
            told["output"][0]["count"] = copies
            told["counts"].update(assessed=copies, responses=copies + 1, outcomes={outcome: copies})

        change_manifest(out, change)
        for path in out.glob("Assessment.*.ndjson"):
            if path.name != FIRST:
                path.unlink()
        assert rest
        tracemalloc.start()
        run = read_run(out, ankle_pack)
        assert run.tally.outcomes == {outcome: copies}
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    small, large = peak(200), peak(5_000)
    assert large < small + 100_000, "5,000 lines are some 5 MB"
