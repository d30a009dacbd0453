"""Twelve thousand mutated requests: each is refused in good order, or answered as the library answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from cds import DecisionSupport, default_pack
from cds.service.app import create_app
from cds.service.store import Store
from cds.service.store.showing import Showing
from tests.service.abuse.direct import Direct, direct
from tests.service.abuse.mutations import OF_CALLS, OF_FEEDBACK, key_twice, written
from tests.service.abuse.valid_calls import FEEDBACK, call, feedback
from tests.service.abuse.verdict import Judge, refused
from tests.service.running import CALL, Clock, bundle, fixture, request, settings

CALLS, FEEDBACKS, EACH = 36, 6, 300
CLOCK = Clock()


@pytest.fixture(scope="module")
def shown() -> Iterator[list[Showing]]:
    """What the service remembers of the cards of its latest answer."""
    latest: list[Showing] = []

    def noted(_: Store, showing: Showing) -> None:
        latest.append(showing)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "shown", noted)
        yield latest


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Direct]:
    with direct(create_app(settings(tmp_path_factory.mktemp("service")), CLOCK)) as found:
        yield found


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(DecisionSupport.load(default_pack()))


def test_there_are_ten_thousand() -> None:
    assert (CALLS + FEEDBACKS) * EACH >= 10_000


def test_what_is_mutated_was_valid(service: Direct, judge: Judge, shown: list[Showing]) -> None:
    random = Random(0)
    for _ in range(100):
        valid = call(random)
        CLOCK.after(valid.response, hours=1)
        shown.clear()
        answer = service.post(CALL, written(valid.body))
        assert answer.status == 200, answer.body
        judge.judge(valid, written(valid.body), answer, shown, CLOCK.time)
        assert service.post(FEEDBACK, written(feedback(random))).status == 200


@pytest.mark.parametrize("chunk", range(CALLS))
def test_calls(service: Direct, judge: Judge, shown: list[Showing], chunk: int) -> None:
    random = Random(chunk)
    seen: Counter[int] = Counter()
    for number in range(EACH):
        valid, mutate = call(random), OF_CALLS[number % len(OF_CALLS)]
        sent = mutate(random, valid.body)
        CLOCK.after(valid.response, hours=1)
        shown.clear()
        answer = service.post(CALL, sent)
        try:
            judge.judge(valid, sent, answer, shown, CLOCK.time)
        except AssertionError as error:
            error.add_note(f"{mutate.__name__}, number {number} of chunk {chunk}: {sent[:20_000]!r}")
            raise
        if mutate is key_twice:
            assert answer.status == 400
        seen[answer.status] += 1
    assert seen.total() == EACH
    assert min(seen[200], seen[400], seen[412] + seen[422]) >= EACH // 20, seen


@pytest.mark.parametrize("status", [None, 7, ["completed"], {}, "Completed", "entered-in-error"], ids=repr)
def test_a_status_that_is_none_is_no_completed_response(service: Direct, status: object) -> None:
    response = fixture("emergency-saddle-numbness") | {"status": status}
    for given in (response, bundle(response), bundle(response, response | {"status": []})):
        refused(service.post(CALL, written(request(response, questionnaireResponse=given))))


@pytest.mark.parametrize("chunk", range(FEEDBACKS))
def test_feedback(service: Direct, chunk: int) -> None:
    random = Random(1_000 + chunk)
    seen: Counter[int] = Counter()
    for number in range(EACH):
        sent = OF_FEEDBACK[number % len(OF_FEEDBACK)](random, feedback(random))
        answer = service.post(FEEDBACK, sent)
        if answer.status == 200:
            assert answer.json == {}
        else:
            refused(answer)
        seen[answer.status] += 1
    assert seen.total() == EACH
    assert min(seen[200], seen[400], seen[422]) >= EACH // 20, seen
