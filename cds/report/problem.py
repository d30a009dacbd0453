"""Why a run cannot be drawn."""

from __future__ import annotations


class ReportError(ValueError):
    """The files of a run are not what its manifest says: with the file, the line if there is one, and what to do.

    Half a run is never drawn, since what is missing would look as if it were not there.
    """
