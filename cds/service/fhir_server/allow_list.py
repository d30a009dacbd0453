"""Which FHIR servers may be called. The address in a request is only ever compared, never called.

What is called is the text that the operator listed. An address that another parser could read differently is
refused, so that it does not matter what that parser would have made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

LONGEST: Final = 2000
"""The most characters of an address; long enough for every real one."""

_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/[a-z0-9._~-]+)*)/?",
    re.ASCII | re.IGNORECASE,
)
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMERIC: Final = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_DEFAULT_PORT: Final = {"https": "443", "http": "80"}


class FhirServers:
    """A list of FHIR base addresses."""

    def __init__(self, base_urls: Iterable[str]) -> None:
        """List ``base_urls``. Raises :class:`ValueError` for one that cannot be listed, and says why."""
        self._bases = frozenset(map(checked_base, base_urls))

    def base(self, url: object) -> str | None:
        """The listed address that ``url`` spells, without a slash at its end; ``None`` if it spells none."""
        found = normal_form(url)
        return found if found in self._bases else None


def checked_base(url: str) -> str:
    """The normal form of an address that may be listed; otherwise raises :class:`ValueError`."""
    found = normal_form(url)
    if found is None:
        raise ValueError(
            "this is not a plain FHIR base address: write scheme, host, port if need be, and path, such as "
            "https://ehr.example.org/fhir, without user, query, fragment, escapes and letters outside ASCII"
        )
    if found.startswith("http:") and not _is_loopback(found):
        raise ValueError(
            "plain http is only for this machine, as 127.0.0.1 or [::1] in digits: write https for any other host"
        )
    return found


def normal_form(url: object) -> str | None:
    """``url`` with scheme and host in lower case, no default port and no slash at its end.

    ``None`` if it is not a string in the strict form of a base address, or its host is a number in disguise.
    """
    if type(url) is not str or len(url) > LONGEST:
        return None
    match = _ADDRESS.fullmatch(url)
    if match is None:
        return None
    scheme, host, port, path = match["scheme"].lower(), match["host"].lower(), match["port"], match["path"]
    if not _is_host(host) or (port and int(port) > 65535) or any(part in {".", ".."} for part in path.split("/")):
        return None
    port = "" if port in {None, _DEFAULT_PORT[scheme]} else f":{port}"
    return f"{scheme}://{host}{port}{path}"


def _is_host(host: str) -> bool:
    """Whether the host is a DNS name, an IPv4 address of four decimals, or the shortest form of an IPv6 address."""
    if host.startswith("["):
        return _is_short_ipv6(host[1:-1])
    labels = host.split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        return False
    if _NUMERIC.fullmatch(labels[-1]):
        # Resolvers read 2130706433, 0x7f.1 and 0177.0.0.1 as addresses too; only the plain form is unambiguous.
        return _is_plain_ipv4(host)
    return True


def _is_plain_ipv4(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except AddressValueError:
        return False


def _is_short_ipv6(host: str) -> bool:
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return False
    return str(address) == host and address.ipv4_mapped is None


def _is_loopback(base: str) -> bool:
    match = _ADDRESS.fullmatch(base)
    host = match["host"] if match else ""
    return host == "[::1]" or (_is_plain_ipv4(host) and IPv4Address(host).is_loopback)
