"""Files of any Hadoop file system as blocks of raw bytes, and blocks as a stream that Python reads.

Spark's own readers lose what the batch run must tell: line numbers, a byte order mark, what is left of a truncated
file; or they hold a whole file in memory (docs/decisions/0021-spark.md).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as it is called everywhere

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK: Final = 4 << 20
"""Bytes of a block."""
_CLASS: Final = "cds.spark.ReadBlock"
_FUNCTION: Final = "cds_read_block"


class SourceFile(NamedTuple):
    """A file: its place in the order of the run, its name in what is written, Hadoop path and bytes, and its use."""

    place: int
    name: str
    path: str
    size: int
    use: str = ""


class BlockReader:
    """Reads blocks in the executors. One for each session."""

    def __init__(self, session: SparkSession) -> None:
        """Compile the function that reads a block, by the compiler that Spark has, and send it to the executors."""
        self._session = session
        context = session.sparkContext
        jvm: Any = context._jvm
        compiler = jvm.org.codehaus.janino.SimpleCompiler()
        compiler.setParentClassLoader(jvm.java.lang.Thread.currentThread().getContextClassLoader())
        compiler.cook(files("cds.spark").joinpath("ReadBlock.java").read_text(encoding="utf-8"))
        codes = compiler.getBytecodes()
        # It must stay as long as the session: an executor that joins later asks for it as well.
        jar = Path(context._temp_dir) / "cds-read-block.jar"
        with zipfile.ZipFile(jar, "w") as archive:
            for name in codes:
                archive.writestr(f"{name.replace('.', '/')}.class", bytes(codes[name]))
        context._jsc.addJar(str(jar))
        gateway: Any = context._gateway
        kind = compiler.getClassLoader().loadClass(_CLASS)
        reader = kind.getDeclaredConstructor(gateway.new_array(jvm.java.lang.Class, 0)).newInstance(
            gateway.new_array(jvm.java.lang.Object, 0)
        )
        binary = jvm.org.apache.spark.sql.types.DataTypes.BinaryType
        session._jsparkSession.udf().register(_FUNCTION, reader, binary)

    def blocks(self, sources: Sequence[SourceFile], partitions: int | None = None) -> DataFrame:
        """All bytes of these files in order, each file in one of the ``partitions`` (default: one of its own).

        Columns: ``file``, its place,, ``name``, ``use`` and ``data``. A file that is empty has one block that is empty.
        """
        session = self._session
        count = min(len(sources), partitions or len(sources))
        rows = session.sparkContext.parallelize([tuple(one) for one in sources], max(1, count))
        listed = session.createDataFrame(rows, "file int, name string, path string, size long, use string")
        last = F.greatest(F.col("size") - 1, F.lit(0))
        cut = listed.withColumn("offset", F.explode(F.sequence(F.lit(0).cast("long"), last, F.lit(BLOCK).cast("long"))))
        block = f"{_FUNCTION}(path, offset, least({BLOCK}L, size - offset))"
        return cut.select("file", "name", "use", F.expr(block).alias("data"))


def streams(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, str, str, io.BufferedReader]]:
    """Each file in Arrow batches of :meth:`BlockReader.blocks`: place, name, use, and a stream of its bytes."""
    rows = (
        (batch.column("file")[row].as_py(), batch.column("name")[row].as_py(), batch.column("use")[row].as_py(), data)
        for batch in batches
        for row, data in enumerate(batch.column("data"))
    )
    for (place, name, use), group in groupby(rows, key=lambda row: row[:3]):
        yield place, name, use, io.BufferedReader(_Blocks(row[3].as_buffer() for row in group), 1 << 16)


class _Blocks(io.RawIOBase):
    """Blocks, read as a file is."""

    def __init__(self, blocks: Iterator[Any]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        into = memoryview(target).cast("B")
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block).cast("B")
        taken = min(len(into), len(self._rest))
        into[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
