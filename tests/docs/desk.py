"""A reader's desk: a folder of its own in which the examples of one page are run, from the first to the last."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.docs.page import ROOT, Block
from tests.service.served import served

_USUAL: Final = "localhost:8000"
"""Where the pages call the service."""
_SAID: Final = re.compile(r"^\s*print\(.*\)  # (.+)$", re.MULTILINE)


class Desk:
    """Runs the blocks of a page. Each method raises ``AssertionError`` for what is not as the page says."""

    def __init__(self, folder: Path) -> None:
        """Lay out what stands in a checkout, and the commands ``cds`` and ``python``."""
        self.folder = folder / "desk"
        self.folder.mkdir()
        for name in ("fixtures", "rules", "docs"):
            (self.folder / name).symlink_to(ROOT / name)
        programs = folder / "bin"
        programs.mkdir()
        for name, arguments in (("cds", "-m cds"), ("python", "")):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
            program.chmod(0o755)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        self._environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
        self._names: dict[str, Any] = {"__name__": "example"}
        self._services = contextlib.ExitStack()
        self._port: int | None = None

    def clear(self) -> None:
        """End what was started."""
        self._services.close()

    def _address(self, text: str) -> str:
        """A text with the port of a service that is started once, in place of the usual one."""
        if self._port is None:
            self._port = self._services.enter_context(served(self.folder)).port
        return text.replace(_USUAL, f"127.0.0.1:{self._port}")

    def run(self, block: Block) -> str:
        """Do what a block says; for a console its text as it came out, for all others as it stands."""
        if "not-run" in block.options:
            return block.text
        match block.language:
            case "sh":
                self._shell(block.text, block)
            case "console":
                return self._console(block)
            case "python":
                self._python(block)
            case "diff":
                self._change(block)
            case "yaml" | "json" if block.options:
                self._write(block)
        return block.text

    def _shell(self, script: str, block: Block) -> str:
        done = subprocess.run(
            ["bash", "-eu", "-c", script],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        expected = int(block.options.get("exit", "0"))
        assert done.returncode == expected, f"{block.place}: exit status {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _console(self, block: Block) -> str:
        """One command, which may go on over several lines, and what it prints."""
        command = re.match(r"\$ ((?:.*\\\n)*.*)\n", block.text)
        assert command, f"{block.place}: a console begins with '$ ' and a command"
        printed = self._shell(self._address(command[1]) if "served" in block.options else command[1], block)
        return command[0] + printed.rstrip("\n") + "\n"

    def _python(self, block: Block) -> None:
        """Run the code; what it prints must be what stands in the comments after ``print(...)``."""
        printed = io.StringIO()
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, block.place, "exec"), self._names)  # noqa: S102
        finally:
            os.chdir(before)
        said = _SAID.findall(block.text)
        if said:
            assert printed.getvalue().splitlines() == said, block.place

    def _write(self, block: Block) -> None:
        """Write a file, add to its end, or put an item into a questionnaire after another one."""
        options = block.options
        if "after" in options:
            file = self.folder / options["in"]
            questionnaire = json.loads(file.read_text(encoding="utf-8"))
            found = _insert(questionnaire["item"], options["after"], json.loads(block.text))
            assert found, f"{block.place}: there is no item {options['after']}"
            file.write_text(json.dumps(questionnaire, ensure_ascii=False, indent=2), encoding="utf-8")
        else:
            mode = "a" if "append" in options else "w"
            with (self.folder / (options.get("append") or options["file"])).open(mode, encoding="utf-8") as file_out:
                file_out.write(block.text)

    def _change(self, block: Block) -> None:
        """Replace the lines with ``-`` by those with ``+``, at the one place where they stand."""
        file = self.folder / block.options["in"]
        lines = block.text.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{block.place}: the lines stand {text.count(old)} times in {file.name}"
        file.write_text(text.replace(old, new), encoding="utf-8")


def _insert(items: list[dict[str, Any]], after: str, new: dict[str, Any]) -> bool:
    for index, item in enumerate(items):
        if item["linkId"] == after:
            items.insert(index + 1, new)
            return True
        if _insert(item.get("item", []), after, new):
            return True
    return False
