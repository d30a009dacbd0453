"""What several tests of the service share."""

from tests.service.postgres import postgres

__all__ = ["postgres"]
