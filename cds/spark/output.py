"""The output of a run on Spark: checked as a whole, then given the names that a run without Spark would give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from cds.batch.manifest import MANIFEST, manifest
from cds.batch.part_files import ASSESSMENT, GUIDANCE, REFUSED
from cds.batch.problem import BatchError
from cds.batch.result import BatchResult
from cds.pack import Pack
from cds.spark.blocks import SourceFile
from cds.spark.hadoop import HadoopFiles
from cds.spark.inputs import of_use
from cds.spark.partition import READ_COUNT, REFUSED_CHARTS
from cds.spark.written import Written


class Output:
    """The files that Spark wrote under ``state``; :meth:`publish` gives them their names in ``out``."""

    def __init__(self, hadoop: HadoopFiles, out: str, state: str) -> None:
        self._hadoop, self._out, self._state = hadoop, out, state
        self._files = list(self._found())

    def files(self) -> Sequence[SourceFile]:
        """All files, ``name`` as it is to be in the output, ``use`` the kind of their records."""
        return self._files

    def checked(
        self,
        sources: Sequence[SourceFile],
        charts: tuple[int, int],
        written: Written,
        *,
        guidance: bool,
        parquet: bool,
    ) -> BatchResult:
        """What came of the run. Raises :class:`BatchError` if a line came to nothing: a fault of this program.

        ``charts`` is how many chart resources were read and refused.
        """
        responses = [one.name for one in of_use(sources, "responses")]
        read, assessed, refused = sum(written.read.values()), written.count(ASSESSMENT), written.count(REFUSED)
        whole = (
            sorted(written.read) == sorted(responses)
            and read == assessed + refused
            and assessed == written.outcomes.total()
            and (not guidance or assessed == written.count(GUIDANCE))
            and (not parquet or assessed == written.count(ASSESSMENT, ".parquet"))
            and charts[1] == written.count(REFUSED_CHARTS)
        )
        if not whole:
            raise BatchError(f"{self._out}: {read} lines became {assessed} and {refused}: report this")
        return BatchResult(
            read=read,
            assessed=assessed,
            refused=refused,
            outcomes=written.outcomes,
            chart_read=charts[0],
            chart_refused=charts[1],
            empty=tuple(name for name in responses if not written.read[name]),
            left_alone=tuple(one.name for one in of_use(sources, "left_alone")),
            replaced=0,
        )

    def publish(self, pack: Pack, written: Written, result: BatchResult) -> None:
        """Give all files their names, and the last one, the manifest, tells that they are complete."""
        public = [one for one in self._files if one.use != READ_COUNT]
        told = [(one.name, written.files[one.name]) for one in public]
        try:
            for one in public:
                self._hadoop.rename(one.path, f"{self._out}/{one.name}")
            self._hadoop.write(f"{self._out}/{MANIFEST}", manifest(pack, told, result), f"{self._state}/{MANIFEST}")
        except BatchError:
            for one in public:
                self._hadoop.remove(f"{self._out}/{one.name}")  # else some would be taken for all
            raise

    def _found(self) -> Iterator[SourceFile]:
        by_kind = defaultdict(list)
        for one in sorted(self._hadoop.files(self._state)):
            folder, _, name = one.name.rpartition("/")
            if name.startswith("part-"):
                kind = folder.removeprefix("records/kind=") if folder != "parquet" else ASSESSMENT
                by_kind[kind, ".parquet" if folder == "parquet" else ".ndjson"].append(one)
        place = 0
        for (kind, suffix), files in sorted(by_kind.items()):
            for number, one in enumerate(files):
                yield SourceFile(place, f"{kind}.{number:03}{suffix}", one.path, one.size, kind)
                place += 1
