"""The command line: ``cds``."""

from cds.cli.main import main

__all__ = ["main"]
