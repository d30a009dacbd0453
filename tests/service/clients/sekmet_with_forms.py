"""Runs SEKMET, taught search parameters of QuestionnaireResponse; it comes with none. Run by SEKMET's own Python.

The first argument is a JSON list of ``name:kind:path[:target]``, as in SEKMET's own table; the others are SEKMET's.
Its search, its index and its store stay as they are.
"""

from __future__ import annotations

import json
import sys

from sekmet.cli import app  # type: ignore[import-not-found]
from sekmet.fhir import search_params  # type: ignore[import-not-found]

taught = [line.split(":") for line in json.loads(sys.argv.pop(1))]
if taught:
    search_params.PARAMS["QuestionnaireResponse"] = {
        name: search_params.SearchParam(name, kind, (path,), *target) for name, kind, path, *target in taught
    }
app()
