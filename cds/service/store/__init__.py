"""The only state of the service: tokens seen, cards shown, feedback. SQLite in a file, or PostgreSQL by URL."""

from cds.service.store.database import DEFAULT_URL, Database, place_of
from cds.service.store.errors import DatabaseUrlError, SchemaError, StoreError, StoreFault, StoreUnavailable
from cds.service.store.feedback_item import FeedbackItem, OverrideReason
from cds.service.store.pruning import Removed, prune
from cds.service.store.showing import Showing
from cds.service.store.store import Store

__all__ = [
    "DEFAULT_URL",
    "Database",
    "DatabaseUrlError",
    "FeedbackItem",
    "OverrideReason",
    "Removed",
    "SchemaError",
    "Showing",
    "Store",
    "StoreError",
    "StoreFault",
    "StoreUnavailable",
    "place_of",
    "prune",
]
