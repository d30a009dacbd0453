"""Both databases."""

from tests.service.databases import database, store, url
from tests.service.postgres import postgres

__all__ = ["database", "postgres", "store", "url"]
