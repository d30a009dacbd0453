"""Tokens that must not be trusted, as a table: a name, why it is refused, and how its header is made.

Present ``kit.spent`` once before (it is valid); then each of these must be refused, over HTTP with a bare 401.
Headers are text of which each character is one byte (Latin-1).
"""

from __future__ import annotations

from typing import Final

from tests.service.trust.attack import Attack
from tests.service.trust.attacks_on_claims import AUDIENCE, CLAIMS, TIME
from tests.service.trust.attacks_on_form import FORM, JSON
from tests.service.trust.attacks_on_keys import KEY_ADDRESS, KEY_ID
from tests.service.trust.attacks_on_signature import ALGORITHMS, SIGNATURES

ATTACKS: Final[dict[str, Attack]] = {
    **FORM,
    **JSON,
    **ALGORITHMS,
    **SIGNATURES,
    **KEY_ID,
    **KEY_ADDRESS,
    **AUDIENCE,
    **TIME,
    **CLAIMS,
}
"""Every attack by its name."""
