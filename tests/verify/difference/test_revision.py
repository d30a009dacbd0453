"""A pack as it was at a revision, read without running anything of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cds.verify.difference.revision import RevisionError, folder_at


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as somebody."""
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(
        ["git", "-c", "commit.gpgsign=false", *arguments],
        cwd=folder,
        env={**kept, **who},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits of a folder ``packs/a``."""
    top = tmp_path / "top"
    (top / "packs" / "a" / "rules").mkdir(parents=True)
    git(top, "init", "-q")
    (top / "packs" / "a" / "pack.yaml").write_text("one\n", encoding="utf-8")
    (top / "packs" / "a" / "rules" / "r \u00e4.yaml").write_bytes(b"\x00\nrule\n")
    (top / ".gitattributes").write_text("pack.yaml export-ignore\n*.yaml text eol=crlf\n", encoding="utf-8")
    git(top, "add", ".")
    git(top, "commit", "-qm", "one")
    git(top, "tag", "v1")
    (top / "packs" / "a" / "pack.yaml").write_text("two\n", encoding="utf-8")
    git(top, "commit", "-qam", "two")
    return top


def test_the_bytes_of_then(repository: Path, tmp_path: Path) -> None:
    for revision in ("HEAD~1", "v1", "HEAD^"):
        target = tmp_path / revision
        folder_at(repository / "packs" / "a", revision, target)
        assert (target / "pack.yaml").read_bytes() == b"one\n"
        assert (target / "rules" / "r \u00e4.yaml").read_bytes() == b"\x00\nrule\n"


@pytest.mark.parametrize("revision", ["v9", "--output=x", "HEAD; true", "", "HEAD:packs", "-h", "v1 v1", "@{-99}"])
def test_what_is_no_revision(revision: str, repository: Path, tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="revision"):
        folder_at(repository / "packs" / "a", revision, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_outside_of_git(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="not in a git repository"):
        folder_at(tmp_path, "HEAD", tmp_path / "target")


def test_a_folder_that_was_not_there(repository: Path, tmp_path: Path) -> None:
    (repository / "packs" / "b").mkdir()
    with pytest.raises(RevisionError, match="there is no folder packs/b at HEAD"):
        folder_at(repository / "packs" / "b", "HEAD", tmp_path / "target")


def test_links_are_refused(repository: Path, tmp_path: Path) -> None:
    (repository / "packs" / "a" / "link.yaml").symlink_to("/etc/passwd")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "link")
    with pytest.raises(RevisionError, match=r"link\.yaml is not a plain file"):
        folder_at(repository / "packs" / "a", "HEAD", tmp_path / "target")
