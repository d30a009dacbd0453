"""The pack, sent along with a job: the executors need no folder of their own for it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cds.spark.executor_folder import executor_folder


@dataclass(frozen=True, slots=True)
class PackCopy:
    """The files of a pack by their places in it, and one digest of them all."""

    digest: str
    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, folder: Path) -> PackCopy:
        """Read a pack that has been loaded without a fault."""
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        files = tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in found)
        digest = sha256()
        for name, data in files:
            digest.update(f"{name} {len(data)}\n".encode())
            digest.update(data)
        return cls(digest.hexdigest(), files)

    def unpacked(self) -> Path:
        """The folder of the pack in this executor, written if it is not there yet.

        Spark removes it with the executor.
        """
        root = executor_folder()
        folder = root / f"cds-pack-{self.digest}"
        if not folder.is_dir():
            beside = Path(tempfile.mkdtemp(dir=root))
            for name, data in self.files:
                (beside / name).parent.mkdir(parents=True, exist_ok=True)
                (beside / name).write_bytes(data)
            try:
                beside.rename(folder)
            except OSError:  # another worker of this executor was quicker
                shutil.rmtree(beside)
        return folder
