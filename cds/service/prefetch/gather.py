"""All that a pack needs for one patient: from the prefetch, and what is missing there from the client's FHIR server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cds.service.fhir_server import Budget, FhirClient, fill, token_values
from cds.service.prefetch.bundle import prefetch_state
from cds.service.prefetch.medication import KINDS as MEDICATION_KINDS
from cds.service.prefetch.medication import unresolved
from cds.service.prefetch.newest import newest_first
from cds.service.prefetch.patient import Patient
from cds.service.prefetch.state import Absent, Failed, Found, Nothing, Resource, State
from cds.service.prefetch.templates import KINDS, RESPONSE_KEY

_MOST_MEDICATIONS: Final = 50
_BESIDE: Final = dict.fromkeys(MEDICATION_KINDS, ("Medication",))
"""What may stand beside the kind that was asked for; anything else is not what was asked for."""


@dataclass(frozen=True, slots=True)
class Callback:
    """The FHIR server that may be asked for what is missing: its listed ``base``, and the ``token`` given for it."""

    client: FhirClient
    base: str
    token: str | None = field(repr=False)
    budget: Budget


@dataclass(slots=True)
class Gathered:
    """What was gathered.

    ``responses`` is the state of the patient's responses, or ``None`` if they were not asked for. ``chart``: resources
    by the kind that they were asked for as. ``failed``: kinds that could not be read, or only in part; ``absent``:
    kinds that nobody gave and that could not be asked for. Neither says that there is nothing.
    """

    responses: State | None
    patient: Patient
    chart: dict[str, list[Resource]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)

    def resources(self) -> list[Resource]:
        """The whole chart."""
        return [one for some in self.chart.values() for one in some]


Observer = Callable[[str, str], None]
"""Called with each key and its state: ``absent``, ``null``, ``failed``, ``partial`` or ``found``."""


def patient_of_call(request: Mapping[str, Any]) -> Patient:
    """The patient of a checked call."""
    server = request.get("fhirServer")
    return Patient(request["context"]["patientId"], server.rstrip("/") if type(server) is str else None)


async def gather(
    templates: Mapping[str, str],
    request: Mapping[str, Any],
    callback: Callback | None,
    observe: Observer = lambda key, state: None,
) -> Gathered:
    """Gather what the ``templates`` ask for in a checked call; what was looked up in vain is not asked for again."""
    prefetch, context, patient = request.get("prefetch", {}), request["context"], patient_of_call(request)
    states = {key: prefetch_state(prefetch, key) for key in templates}
    for key, state in states.items():
        observe(key, _name(state))
    if callback is not None:
        await _complete(states, templates, context, callback)
    gathered = Gathered(states.get(RESPONSE_KEY), patient)
    for key, state in states.items():
        if key != RESPONSE_KEY:
            _take(gathered, KINDS[key], state)
    if missing := unresolved(gathered.resources(), patient.base):
        await _medications(gathered, missing, callback)
    return gathered


async def _complete(
    states: dict[str, State], templates: Mapping[str, str], context: Mapping[str, Any], callback: Callback
) -> None:
    """Ask for what is absent and for the pages that follow, all at once."""
    values = token_values(context)
    asked = {
        key: _ask(state, fill(templates[key], values), callback) for key, state in states.items() if _open(key, state)
    }
    if asked:
        states.update(zip(asked, await asyncio.gather(*asked.values()), strict=True))


def _open(key: str, state: State) -> bool:
    if isinstance(state, Found) and state.next is not None:
        # Of responses only the newest counts, and it stands on the first page if they are sorted.
        return key != RESPONSE_KEY or not newest_first(state)
    return isinstance(state, Absent)


async def _ask(state: State, query: str | None, callback: Callback) -> State:
    if isinstance(state, Found):
        return await callback.client.complete(callback.base, state, callback.token, callback.budget)
    if query is None:
        return state
    return await callback.client.search(callback.base, query, callback.token, callback.budget)


def _take(gathered: Gathered, kind: str, state: State) -> None:
    if isinstance(state, Absent):
        gathered.absent.add(kind)
    elif isinstance(state, Failed):
        gathered.failed.add(kind)
    elif isinstance(state, Found):
        own = gathered.patient.chart_of(state.resources)
        gathered.chart[kind] = list(own)
        right = all(one["resourceType"] in (kind, *_BESIDE.get(kind, ())) for one in own)
        if state.partial or state.next is not None or len(own) < len(state.resources) or not right:
            gathered.failed.add(kind)


async def _medications(gathered: Gathered, missing: dict[str | None, set[str]], callback: Callback | None) -> None:
    wanted = sorted(reference for reference in missing if reference is not None)
    found: list[Resource] = []
    if callback is not None and len(wanted) <= _MOST_MEDICATIONS:
        call = callback
        states = await asyncio.gather(*(call.client.search(call.base, ref, call.token, call.budget) for ref in wanted))
        for reference, state in zip(wanted, states, strict=True):
            if isinstance(state, Found) and state.resources:
                found += state.resources
                del missing[reference]
    gathered.chart["Medication"] = found
    gathered.failed.update(*missing.values())


def _name(state: State) -> str:
    match state:
        case Absent():
            return "absent"
        case Nothing():
            return "null"
        case Failed():
            return "failed"
        case _:
            return "partial" if state.partial or state.next else "found"
