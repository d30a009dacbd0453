"""What goes over the wire, as JSON Schemas written from CDS Hooks 2.0.1, and values held to them.

The schemas are the ``.json`` files of this folder. ``card.json`` is the one schema of a card; ``docs/schema`` narrows
it to what this module writes.
"""

from cds.service.schema.openapi import openapi
from cds.service.schema.problem import Problem
from cds.service.schema.validator import (
    DISCOVERY,
    FEEDBACK,
    OPERATION_OUTCOME,
    REQUESTS,
    RESPONSE,
    Schema,
    request_problems,
)

__all__ = [
    "DISCOVERY",
    "FEEDBACK",
    "OPERATION_OUTCOME",
    "REQUESTS",
    "RESPONSE",
    "Problem",
    "Schema",
    "openapi",
    "request_problems",
]
