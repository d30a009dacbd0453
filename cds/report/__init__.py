"""What a finished batch run found: counted from its files, and drawn as a table, a web page and a picture."""

from cds.report.problem import ReportError
from cds.report.read import Run, read_run

__all__ = ["ReportError", "Run", "read_run"]
