"""A folder as it was at a revision of git, written to another folder.

Nothing of the old tree is run, and no filter or attribute of it is applied: git is asked for the list of files and for
their bytes alone. Links and submodules are refused: a pack is made of plain files.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath
from typing import Final

MOST_FILES: Final = 2_000
MOST_BYTES: Final = 64 * 1024 * 1024
_PLAIN: Final = ("100644", "100755")
_REVISION: Final = re.compile(r"[A-Za-z0-9_@^~{}./+:-]{1,200}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")
_SECONDS: Final = 60


class RevisionError(Exception):
    """A state that git does not have, in one sentence that says what to do."""


def folder_at(folder: Path, revision: str, target: Path) -> str:
    """Write ``folder`` as it was at ``revision`` to ``target``; the commit. Raises :class:`RevisionError`."""
    if not _REVISION.fullmatch(revision) or revision.startswith("-"):
        raise RevisionError(f"{revision!r} is not a revision of git: write a tag, a branch, or HEAD~1")
    place = folder.resolve()
    try:
        top = _git(place, "rev-parse", "--show-toplevel").decode().rstrip("\n")
    except _GitFailed:
        raise RevisionError(f"{folder} is not in a git repository: name two pack folders instead") from None
    try:
        commit = _git(place, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode()
    except _GitFailed:
        raise RevisionError(f"there is no revision {revision!r} in {top}: git log lists what there is") from None
    commit = commit.strip()
    if not _COMMIT.fullmatch(commit):
        raise RevisionError(f"there is no revision {revision!r} in {top}: git log lists what there is")
    inside = place.relative_to(Path(top).resolve()).as_posix()
    files = _files(Path(top), commit, inside)
    if not files:
        raise RevisionError(f"there is no folder {inside} at {revision}: it may have had another name then")
    _write(Path(top), files, target)
    return commit


class _GitFailed(Exception):
    """Git ended with an error."""


def _git(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """What git prints; without a shell, without a prompt, without the network, and without hooks or a pager."""
    program = shutil.which("git")
    if program is None:
        raise RevisionError("git is not installed: name two pack folders instead")
    fixed = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-pager", "--no-replace-objects"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        found = subprocess.run(  # noqa: S603 - a fixed program, and each argument is checked or ours
            [program, *fixed, *arguments],
            input=data,
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RevisionError(f"git does not answer: {type(error).__name__}") from None
    if found.returncode:
        raise _GitFailed
    return found.stdout


def _files(top: Path, commit: str, inside: str) -> dict[str, str]:
    """Path inside the folder to the object, for each file of it."""
    try:
        listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *([inside] if inside != "." else []))
    except _GitFailed:
        raise RevisionError(f"the files of {inside} cannot be listed: the repository may be damaged") from None
    found: dict[str, str] = {}
    for entry in listed.split(b"\0"):
        if not entry:
            continue
        meta, _, raw = entry.partition(b"\t")
        mode, _, name = meta.decode().split()
        path = PurePosixPath(os.fsdecode(raw))
        if mode not in _PLAIN or path.is_absolute() or ".." in path.parts:
            raise RevisionError(f"{path} is not a plain file: a pack has no links")
        found[path.relative_to(inside).as_posix() if inside != "." else path.as_posix()] = name
    if len(found) > MOST_FILES:
        raise RevisionError(f"{inside} has more than {MOST_FILES} files: it is no pack")
    return found


def _write(top: Path, files: dict[str, str], target: Path) -> None:
    """Write all files, as ``git cat-file --batch`` gives them one after the other."""
    try:
        rest = _git(top, "cat-file", "--batch", data="".join(f"{name}\n" for name in files.values()).encode())
    except _GitFailed:
        raise RevisionError("the files cannot be read: the repository may be damaged") from None
    if len(rest) > MOST_BYTES:
        raise RevisionError(f"the files have more than {MOST_BYTES} bytes: this is no pack")
    view, at = memoryview(rest), 0
    for path in files:
        head, _, _ = rest[at : at + 200].partition(b"\n")
        parts = head.split()
        if len(parts) != 3 or parts[1] != b"blob":
            raise RevisionError("the files cannot be read: the repository may be damaged")
        start, size = at + len(head) + 1, int(parts[2])
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(view[start : start + size])
        at = start + size + 1
