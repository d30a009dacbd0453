"""Reads what stands in a prefetch key, or what a FHIR server answered: one resource, or a page of a search.

Only the outside is looked at: that the resources are resources, and whether there may be more of them. What they
say is for `cds.intake` to check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cds.service.prefetch.state import Absent, Failed, Found, Nothing, Resource, State

_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{0,63}", re.ASCII)
_MODES: Final = ("match", "include", "outcome")
_KINDS: Final = ("searchset", "collection")
"""A search, or a collection that a client put together itself; any other Bundle means something else."""
_BROKEN: Final = ("error", "fatal")
_SAID: Final = ("information", "warning")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its resources and ``next`` as in :class:`Found`.

    ``partial`` is what this page alone tells; ``total`` is how many matches the whole search has, if it says so,
    and ``matches`` how many of them are here.
    """

    resources: tuple[Resource, ...] = field(repr=False)
    next: str | None = field(default=None, repr=False)
    partial: bool = False
    total: int | None = None
    matches: int = 0


class _NotFhir(Exception):
    """Something that is not FHIR R4 JSON."""


def prefetch_state(prefetch: Mapping[str, Any], key: str) -> State:
    """The state of one key of a request's ``prefetch`` object."""
    if key not in prefetch:
        return Absent()
    value = prefetch[key]
    if value is None:
        return Nothing()
    page = read_page(value)
    if isinstance(page, Failed):
        return page
    hidden = page.next is None and page.total is not None and page.total > page.matches
    return Found(page.resources, page.next, page.partial or hidden, hidden)


def read_page(value: Any) -> Page | Failed:
    """A resource or a Bundle as a page.

    :class:`Failed` says ``operation-outcome`` if the search failed, and ``not-fhir`` if a part cannot be read: half
    of a page whose other half is garbage is not trusted.
    """
    try:
        kind = _type(value)
        if kind == "OperationOutcome":
            return Failed("operation-outcome")
        if kind != "Bundle":
            return Page((value,), partial=_is_subset(value), matches=1)
        return _bundle(value)
    except _NotFhir:
        return Failed("not-fhir")


def _type(value: Any) -> str:
    if type(value) is not dict:
        raise _NotFhir
    kind = value.get("resourceType")
    if type(kind) is not str or not _TYPE.fullmatch(kind):
        raise _NotFhir
    return kind


def _bundle(bundle: Resource) -> Page | Failed:
    entries = bundle.get("entry", [])
    if bundle.get("type") not in _KINDS or type(entries) is not list:
        raise _NotFhir
    resources: list[Resource] = []
    outcomes: list[Resource] = []
    matches = 0
    for entry in entries:
        mode, resource = _entry(entry)
        if mode == "outcome":
            outcomes.append(resource)
        else:
            resources.append(resource)
            matches += mode == "match"
    if not resources and any(_is_broken(outcome) for outcome in outcomes):
        return Failed("operation-outcome")
    following, unclear = _next(bundle.get("link", []))
    harmless = all(_is_harmless(outcome) or (matches and _ignored_only(outcome)) for outcome in outcomes)
    partial = unclear or not harmless or any(map(_is_subset, resources))
    return Page(tuple(resources), following, partial, _total(bundle), matches)


def _entry(entry: Any) -> tuple[str, Resource]:
    """The search mode and the resource of an entry; without a mode it is a match."""
    if type(entry) is not dict:
        raise _NotFhir
    resource: Any = entry.get("resource")
    kind = _type(resource)
    search = entry.get("search", {})
    if kind == "Bundle" or type(search) is not dict:
        raise _NotFhir
    mode: Any = search.get("mode", "match")
    if mode not in _MODES or (mode == "outcome" and kind != "OperationOutcome"):
        raise _NotFhir
    return ("outcome" if kind == "OperationOutcome" else mode), resource


def _total(bundle: Resource) -> int | None:
    total = bundle.get("total")
    if total is None:
        return None
    if type(total) is not int or total < 0:
        raise _NotFhir
    return total


def _next(links: Any) -> tuple[str | None, bool]:
    """The address of the next page, and whether there may be one that cannot be told.

    Links only lead to more: those that cannot be read make a page partial, and do not take away what is on it.
    """
    if type(links) is not list or not all(type(link) is dict for link in links):
        return None, True
    urls = [link.get("url") for link in links if link.get("relation") == "next"]
    if not urls:
        return None, False
    if len(urls) > 1 or type(urls[0]) is not str or not urls[0]:
        return None, True
    return urls[0], False


def _issues(outcome: Resource) -> list[Any]:
    issues = outcome.get("issue")
    return issues if type(issues) is list else []


def _is_broken(outcome: Resource) -> bool:
    """Whether the outcome says that the search failed; one that does not say anything readable may."""
    issues = _issues(outcome)
    return not issues or any(type(issue) is not dict or issue.get("severity") in _BROKEN for issue in issues)


def _is_harmless(outcome: Resource) -> bool:
    """Whether the outcome certainly says nothing about completeness.

    FHIR R4 defines exactly that for the severity and the code together: "information" has no relation to the success
    of the action, "informational" is unrelated to the processing. Warnings do tell of results that were held back, so a
    page with any of them is partial, even an empty one (but see :func:`_ignored_only`).
    """
    issues = _issues(outcome)
    return bool(issues) and all(
        type(issue) is dict and issue.get("severity") == "information" and issue.get("code") == "informational"
        for issue in issues
    )


def _ignored_only(outcome: Resource) -> bool:
    """Whether the outcome only says that something of the search is not supported.

    A server that ignores a parameter gives more, not less, so what it found is all there. One that found nothing may
    not support the search itself.
    """
    issues = _issues(outcome)
    return bool(issues) and all(
        type(issue) is dict and issue.get("severity") in _SAID and issue.get("code") == "not-supported"
        for issue in issues
    )


def _is_subset(resource: Resource) -> bool:
    """Whether the server marked the resource as lacking elements (FHIR R4, tag SUBSETTED)."""
    meta = resource.get("meta")
    tags = meta.get("tag") if type(meta) is dict else None
    return type(tags) is list and any(type(tag) is dict and tag.get("code") == "SUBSETTED" for tag in tags)
