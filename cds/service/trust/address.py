"""Web addresses in the trust file: plain ones only, so that no two readers take one for two different places."""

from __future__ import annotations

import ipaddress
import re
from typing import Final, Literal
from urllib.parse import urlsplit

AddressFault = Literal[
    "address-form", "address-scheme", "address-user", "address-query", "address-fragment", "origin-form"
]

_LONGEST: Final = 2000
_PLAIN: Final = re.compile(r"[a-z]+://[!-\[\]-~]+")
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


def address_fault(text: str, *, query: bool = False) -> AddressFault | None:
    """What is wrong with the address of a server, if anything; ``query`` says whether it may have one.

    It must be https. Plain http is accepted for loopback addresses written as numbers, for tests and for a proxy on
    the same machine: a name such as localhost may be resolved to anything.
    """
    if len(text) > _LONGEST or not _PLAIN.fullmatch(text):
        return "address-form"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "address-form"
    if "@" in parts.netloc:
        return "address-user"
    if "#" in text:
        return "address-fragment"
    if "?" in text and not query:
        return "address-query"
    host = parts.netloc if port is None else parts.netloc.removesuffix(f":{port}")
    if port == 0 or not _HOST.fullmatch(host) or ".." in host or {".", ".."} & set(parts.path.split("/")):
        return "address-form"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return None
    return "address-scheme"


def origin_fault(text: str) -> AddressFault | None:
    """What is wrong with a web origin as browsers send it (RFC 6454, 6.2), if anything; ``*`` stands for all."""
    if text == "*":
        return None
    local = re.fullmatch(r"http://localhost(:[0-9]+)?", text) is not None
    fault = None if local else address_fault(text)
    if fault is not None:
        return fault
    parts = urlsplit(text)
    if f"{parts.scheme}://{parts.netloc}" != text or parts.port == _DEFAULT_PORTS[parts.scheme]:
        return "origin-form"
    return None


def is_loopback(host: str) -> bool:
    """Whether this is a loopback address in numbers: 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
