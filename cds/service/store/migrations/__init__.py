"""Migrations of the tables, run by ``cds.service.store.migrate``. They are never changed once they are released."""
