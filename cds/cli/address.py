"""The addresses of ``cds serve``: where it listens, and what clients call it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import click


def base_url(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Callback of ``--base-url``: the address without a slash at the end; wrong usage if it cannot be one."""
    if value is None:
        return None
    if not _is_base(value):
        raise click.BadParameter(
            "this is no base address: write http:// or https:// and a host, as in https://cds.example.org/path, "
            "without user, query and fragment"
        )
    return value.rstrip("/")


def _is_base(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or any(char in text for char in " ?#@\\"):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def origin(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Callback of ``--cors-origin``: origins as browsers send them, or ``*``; anything else would match nothing."""
    for value in values:
        if value != "*" and (not _is_base(value) or urlsplit(value).path or value != value.lower()):
            raise click.BadParameter("write an origin as browsers send it, as in https://ehr.example.org, or *")
    return values


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach who listens on ``host``."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_wildcard(host: str) -> bool:
    """Whether who listens on ``host`` listens on all addresses, so that it is none to call."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return not host


def in_url(host: str) -> str:
    """A host name or address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
