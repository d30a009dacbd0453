"""The shape of the trust file: its keys, their types and defaults, and what each value must look like."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from cds.pack.finding import PackModel
from cds.service.trust.address import address_fault, origin_fault
from cds.service.trust.algorithms import DEFAULT, KEY_TYPES
from cds.service.trust.messages import sentence

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_ISSUER: Final = re.compile(r"[!-~]{1,500}")
_LONGEST_TENANT: Final = 256
_FORBIDDEN: Final = re.compile(r"none|HS[0-9]+", re.IGNORECASE)


def _refuse(code: str, **details: object) -> PydanticCustomError:
    return PydanticCustomError("trust", "{text}", {"text": sentence(code, **details)})


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise _refuse("client-name")
    return text


def _issuer(text: str) -> str:
    if not _ISSUER.fullmatch(text):
        raise _refuse("issuer")
    return text


def _tenant(text: str) -> str:
    if not 0 < len(text) <= _LONGEST_TENANT or not text.isprintable():
        raise _refuse("tenant")
    return text


def _algorithm(text: str) -> str:
    if _FORBIDDEN.fullmatch(text):
        raise _refuse("algorithm-forbidden", name=text)
    if text not in KEY_TYPES:
        raise _refuse("algorithm-unknown", name=text, known=", ".join(KEY_TYPES))
    return text


def _key_address(text: str) -> str:
    return _without(address_fault(text, query=True), text)


def _fhir_address(text: str) -> str:
    return _without(address_fault(text), text)


def _origin(text: str) -> str:
    return _without(origin_fault(text), text)


def _origins(texts: list[str]) -> list[str]:
    if "*" in texts and len(texts) > 1:
        raise _refuse("origin-star")
    return texts


def _without(fault: str | None, text: str) -> str:
    if fault is not None:
        raise _refuse(fault)
    return text


class ClientEntry(PackModel):
    """One client as it stands in the file."""

    name: Annotated[str, AfterValidator(_name)]
    iss: Annotated[str, AfterValidator(_issuer)]
    jku: list[Annotated[str, AfterValidator(_key_address)]] = []
    jwks_file: str = ""
    # Not null: a key without a value would trust every tenant.
    tenants: Annotated[list[Annotated[str, AfterValidator(_tenant)]], Field(min_length=1)] = []
    algorithms: Annotated[list[Annotated[str, AfterValidator(_algorithm)]], Field(min_length=1)] = list(DEFAULT)
    fhir_servers: list[Annotated[str, AfterValidator(_fhir_address)]] = []


class TrustEntries(PackModel):
    """The file as a whole."""

    clients: Annotated[list[ClientEntry], Field(min_length=1)]
    cors_origins: Annotated[list[Annotated[str, AfterValidator(_origin)]], AfterValidator(_origins)] = ["*"]
    leeway_seconds: Annotated[int, Field(ge=0, le=300)] = 30
    max_token_lifetime_seconds: Annotated[int, Field(ge=60, le=86400)] = 3600
