"""Responses in a DataFrame, such as one in a notebook, assessed row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pyspark.sql import DataFrame
from pyspark.sql.types import ArrayType, BinaryType, StringType, StructType

from cds.intake.instant import is_date_time
from cds.pack import load_pack
from cds.shipped import default_pack
from cds.spark.frame_rows import FrameEvaluation
from cds.spark.pack_copy import PackCopy
from cds.spark.parquet import COLUMNS

_ADDED: Final = f"assessment struct<{COLUMNS.replace('`source` string, ', '')}>, refusal array<string>"


def assess(
    frame: DataFrame,
    pack: Path | str | None = None,
    column: str = "value",
    charts: str | None = None,
    as_of: str | None = None,
) -> DataFrame:
    """The rows of ``frame`` with what comes of the response in each: exactly one row for each row.

    ``column`` has a QuestionnaireResponse as JSON, a string or binary. ``charts`` names a column that has the chart of
    the same patient: an array of strings, each a resource as JSON. Null there means that the chart is not known,
    which the assessment says in ``chart_whole``; an empty array is a chart with nothing in it. ``pack`` is a pack
    folder on the driver (default: the shipped pack). ``as_of`` is the FHIR dateTime to count ages and durations to
    (default: when each response was given).

    Two columns are added, one of which is null in each row:

    ``assessment``
        a struct with the columns of the records of ``cds batch``, less ``source``: strings ``response``, ``subject``,
        ``as_of``, ``pack``, ``outcome``, ``level``, ``possible_level``; arrays of strings ``out_of_scope``, ``fired``,
        ``undecided``, ``open``, ``withholding``, ``advice``, ``ask_first``, ``contradictions``; ``chart`` (int) and
        ``chart_whole`` (boolean)
    ``refusal``
        an array of strings: why there is no assessment. Count these rows; they are not patients who are well.

    Nothing is evaluated before the result is used. Raises :class:`PackError` for a pack that cannot be used,
    ``ValueError`` if a column is missing or there already or ``as_of`` is no dateTime, and ``TypeError`` for a column
    of another type.
    """
    _check(frame, column, charts)
    if as_of is not None and not is_date_time(as_of):
        raise ValueError("as_of is not a FHIR dateTime: write it as in 2026-11-22T08:30:00+01:00")
    folder = default_pack() if pack is None else Path(pack)
    load_pack(folder)
    evaluation = FrameEvaluation(PackCopy.of(folder), column, charts, as_of)
    added: Any = StructType.fromDDL(_ADDED)
    return frame.mapInArrow(evaluation.rows, StructType([*frame.schema.fields, *added.fields]))


def _check(frame: DataFrame, column: str, charts: str | None) -> None:
    types = {field.name: field.dataType for field in frame.schema.fields}
    for name in (column, *([charts] if charts else [])):
        if name not in types:
            raise ValueError(f"there is no column {name!r}: it has {', '.join(types)}")
    if not isinstance(types[column], StringType | BinaryType):
        raise TypeError(f"column {column!r} must be string or binary: each a QuestionnaireResponse as JSON")
    if charts:
        kind = types[charts]
        if not isinstance(kind, ArrayType) or not isinstance(kind.elementType, StringType | BinaryType):
            raise TypeError(f"column {charts!r} must be an array of strings: each a resource of the chart as JSON")
    for name in ("assessment", "refusal"):
        if name in types:
            raise ValueError(f"there is a column {name!r} already: rename it")
