"""What a run is a run of: only with the same input and the same pack may it be resumed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from cds.batch.inputs import Inputs

_HEAD: Final = 1 << 20


def fingerprint(inputs: Inputs) -> str:
    """What the input is, by the names, sizes and beginnings of its files."""
    digest = sha256()
    for path in (*inputs.responses, *inputs.chart):
        with path.open("rb") as stream:
            digest.update(f"{inputs.name(path)} {path.stat().st_size}\n".encode())
            digest.update(stream.read(_HEAD))
    return digest.hexdigest()


def pack_digest(folder: Path) -> str:
    """What a pack is, by the names and all bytes of its files."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
