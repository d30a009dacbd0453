"""Which files of an export hold what, on any Hadoop file system: as in a run without Spark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from cds.batch.inputs import (
    LARGEST_MANIFEST,
    SUFFIXES,
    Use,
    listed_files,
    named_type,
    no_responses,
    not_beside,
    use_of,
)
from cds.batch.problem import BatchError
from cds.spark.blocks import BlockReader, SourceFile
from cds.spark.hadoop import Found, HadoopFiles, hadoop_path
from cds.spark.rows import KINDS, read_kinds


def find_sources(hadoop: HadoopFiles, reader: BlockReader, source: str | Path) -> list[SourceFile]:
    """The files of a folder, or of a bulk manifest, in the order of a run without Spark.

    Raises :class:`BatchError` if there is nothing to read, or if the manifest names what is not beside it.
    """
    place = hadoop_path(source)
    if not hadoop.exists(place):
        raise BatchError(f"{source}: there is no such file or folder: check the address")
    if hadoop.is_folder(place):
        found = sorted(
            (one for one in hadoop.files(place) if one.name.endswith(SUFFIXES)),
            key=lambda one: PurePosixPath(one.name),
        )
        kinds = _told(reader, found)
    else:
        found, kinds = _listed(hadoop, place)
    sources = [
        SourceFile(index, one.name, one.path, one.size, use_of(kind))
        for index, (one, kind) in enumerate(zip(found, kinds, strict=True))
    ]
    if not any(one.use == "responses" for one in sources):
        raise no_responses(str(source))
    return sources


def of_use(sources: Sequence[SourceFile], use: Use) -> list[SourceFile]:
    """Those of the files that are read for this."""
    return [one for one in sources if one.use == use]


def _told(reader: BlockReader, found: list[Found]) -> list[str]:
    """The type of each file: by its name, or by what is in it."""
    kinds = [named_type(one.name) for one in found]
    unnamed = [SourceFile(index, one.name, one.path, one.size) for index, one in enumerate(found) if not kinds[index]]
    if unnamed:
        for row in reader.blocks(unnamed).mapInArrow(read_kinds, KINDS).collect():
            kinds[row["file"]] = row["kind"]
    return kinds


def _listed(hadoop: HadoopFiles, manifest: str) -> tuple[list[Found], list[str]]:
    entries = listed_files(manifest, hadoop.read(manifest, LARGEST_MANIFEST + 1))
    folder = manifest.rpartition("/")[0]
    found = []
    for _, name in entries:
        path = f"{folder}/{name}"
        if not name or not hadoop.exists(path) or hadoop.is_folder(path):
            raise not_beside(manifest, name)
        found.append(Found(name, path, hadoop.size(path)))
    return found, [kind for kind, _ in entries]
