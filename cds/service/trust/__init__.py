"""Which CDS clients are trusted, and the check of the token that each of their calls carries.

:func:`load_trust` reads the trust file (docs/trust.md), :class:`ClientKeys` gets the clients' public keys, and
:class:`TokenVerifier` says who calls, or raises :class:`NotTrusted`.
"""

from cds.service.trust.client import Client, Trust
from cds.service.trust.client_keys import ClientKeys, KeySource
from cds.service.trust.not_trusted import REASONS, NotTrusted
from cds.service.trust.trust_file import TrustFileError, load_trust
from cds.service.trust.verifier import ReplayStore, TokenVerifier

__all__ = [
    "REASONS",
    "Client",
    "ClientKeys",
    "KeySource",
    "NotTrusted",
    "ReplayStore",
    "TokenVerifier",
    "Trust",
    "TrustFileError",
    "load_trust",
]
