"""What is read by pieces is what the full check gives, whatever is done to the bytes of a response."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from cds import default_pack, load_pack
from cds.intake import CheckedResponse, IntakeError, PieceReader, PlainReader, ResponseChecker, parse_json
from cds.intake.models import validate_whole
from cds.sample import Sampler, read_population
from tests.intake.test_plain import RESPONSES, _mutated

MUTATIONS = int(os.environ.get("CDS_PIECE_MUTATIONS", "10000"))
PACK = load_pack(default_pack())
TOKENS = [
    *(
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\\",
        b" ",
        b"\n",
        b"]}",
        b"}]",
        b"{}",
        b"[]",
        b",,",
        b"\xff",
        b"\xc3",
    ),
    *(b'"item":[', b'{"linkId":', b'"linkId":"age",', b'}],"', b'"text":"x",', b'"answer":[]', b'"item":[],'),
    *(b'{"item":[', b'"\\u0069tem":[],', b'"status":"completed",', b'"status":"in-progress",', b'"id":"y",'),
    *(b"null", b"1", b"-1", b"1e999", b"\xef\xbb\xbf", b'"text":"a{\\"linkId\\":b",', b'{"linkId":"danger","item":['),
    *(b',"subject":{"reference":"Patient/9"}', b',"meta":{"versionId":"1"}', b',"extension":[{"url":"x"}]'),
    b'{"linkId":"age","answer":[{"valueInteger":30}]},',
]


def _documents() -> list[bytes]:
    """Compact responses: of the fixtures, of the generator, with elements after the items, and with texts."""
    sampler = Sampler(PACK, read_population(PACK))
    sampled = [orjson.dumps(sampler.sample(5, number).response) for number in range(150)]
    plain = [orjson.dumps(resource) for resource in RESPONSES if "item" in resource]
    texts = [
        data.replace(b'{"linkId":"about",', b'{"linkId":"about","text":"Say \\"{\\"linkId\\":\\"",')
        for data in plain[:20]
    ]
    return [*sampled, *plain, *texts]


def _changed(draw: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Up to three changes: bytes removed, put in, exchanged; pieces of this or another response moved and doubled."""
    for _ in range(draw.randint(0, 3)):
        pieces = data.split(b'{"linkId":')
        at, to = sorted(draw.randrange(len(data) + 1) for _ in range(2))
        match draw.randrange(11):
            case 0:
                data = data[:at] + draw.choice(TOKENS) + data[at:]
            case 1:
                data = data[:at] + data[at + draw.randint(1, 4) :]
            case 2:
                data = data[:at] + draw.choice(TOKENS) + data[at + draw.randint(1, 12) :]
            case 3:
                place = draw.randrange(len(pieces))
                pieces[place : place + 1] = draw.choice(([], [pieces[place]] * 2, [draw.choice(pieces)]))
                data = b'{"linkId":'.join(pieces)
            case 4:
                foreign = draw.choice(others).split(b'{"linkId":')
                pieces[draw.randrange(len(pieces))] = draw.choice(foreign)
                data = b'{"linkId":'.join(pieces)
            case 5:
                marks = [
                    place for place in range(len(data)) if data[place : place + 1] in (b"]", b"}", b",", b"[", b"{")
                ]
                place = draw.choice(marks) if marks else 0
                data = data[:place] + draw.choice(TOKENS) + data[place + draw.randint(0, 1) :]
            case 6 | 7 | 8:
                foreign = draw.choice(others).split(b'{"linkId":')
                place = draw.randrange(len(pieces))
                same = [one for one in foreign if one.split(b",", 1)[0] == pieces[place].split(b",", 1)[0]]
                pieces[place] = draw.choice(same) if same else pieces[place]
                data = b'{"linkId":'.join(pieces)
            case 9:
                data = data[:at] + data[to:] if to - at < 400 else data[:at] + data[at : at + 200] + data[at:]
            case _:
                draw.shuffle(pieces)
                data = b'{"linkId":'.join(pieces)
        data = data or b"{}"
    return data


def _fully(checker: ResponseChecker, data: bytes) -> CheckedResponse | IntakeError:
    """What the full way makes of it: parser, full check and models."""
    try:
        resource = parse_json(data)
        checked = checker.check(resource)
        validate_whole(resource)
    except IntakeError as error:
        return error
    return checked


def _variants(draw: random.Random, documents: list[bytes]) -> Iterator[bytes]:
    for number in range(MUTATIONS // 2):
        if number % 8:
            yield _changed(draw, draw.choice(documents), documents)
        else:
            resource: Any = orjson.loads(draw.choice(documents))
            try:
                yield orjson.dumps(_mutated(draw, resource, RESPONSES))
            except TypeError:  # a lone surrogate cannot be written
                continue


@pytest.mark.parametrize("seed", range(2))
def test_what_is_read_by_pieces_is_what_the_full_way_reads(seed: int) -> None:
    draw, documents = random.Random(seed), _documents()
    checker, plain = ResponseChecker(PACK.questionnaire), PlainReader(PACK.questionnaire)
    warm = PieceReader(plain)
    for document in documents:
        warm.read(document)
    read = changed = 0
    for data in _variants(draw, documents):
        found = warm.read(data)
        if not draw.randrange(40):
            assert PieceReader(plain).read(data) == found, "it depends on what was read before"
        if found is None:
            continue
        full = _fully(checker, data)
        assert found == full, data
        assert list(found.answers) == list(full.answers)
        assert all(found.path(link_id) == full.path(link_id) for link_id in found.places)
        read += 1
        changed += data not in documents
    assert read > MUTATIONS // 20 and changed > MUTATIONS // 50  # otherwise nothing was tested


def test_responses_are_read_by_pieces() -> None:
    """All of the generator and the fixtures: compact, with no parsing of what is known."""
    reader, checker = PieceReader(PlainReader(PACK.questionnaire)), ResponseChecker(PACK.questionnaire)
    for data in _documents():
        assert reader.read(data) == _fully(checker, data)


def _response(before: bytes = b"", items: bytes = b"", after: bytes = b"") -> bytes:
    head = b'{"resourceType":"QuestionnaireResponse","questionnaire":"%s","status":"completed"' % (
        PACK.questionnaire.url.encode()
    )
    return head + before + b',"item":[' + items + b"]" + after + b"}"


ABOUT = b'{"linkId":"about","item":[%s]}'
AGE = b'{"linkId":"age","answer":[{"valueInteger":30}]}'


@pytest.mark.parametrize(
    "data",
    [
        _response(items=ABOUT % AGE).replace(b',"item":[{"linkId":"about"', b'"item":[{"linkId":"about"'),
        _response(items=ABOUT % AGE).replace(b'{"resourceType', b'{,"resourceType'),
        b'{,"item":[' + ABOUT % AGE + b"]}",
        b'{"item":[' + ABOUT % AGE + b"]}",
        _response(items=ABOUT % AGE + b","),
        _response(items=ABOUT % (AGE + b",")),
        _response(items=ABOUT % (AGE + AGE)),
        _response(items=ABOUT % (AGE + b"," + AGE)),
        _response(items=ABOUT % b""),
        _response(items=AGE),
        _response(items=ABOUT % AGE[:-1]),
        _response(items=ABOUT % AGE[:-2]),
        _response(items=ABOUT % (AGE + b"]}")),
        _response(items=ABOUT % AGE, after=b',"item":[]'),
        _response(items=ABOUT % AGE, after=b',"\\u0069tem":[]'),
        _response(items=ABOUT % AGE, after=b',"status":"completed"'),
        _response(items=ABOUT % AGE, after=b',"language":"en","language":"es"'),
        _response(before=b',"subject":{"reference":"Patient/1"', items=ABOUT % AGE, after=b"}"),
        _response(before=b',"subject":{"reference":"Patient/1"', items=ABOUT % AGE, after=b',"display":"x"}'),
        _response(before=b',"extension":[{"url":"x"', items=ABOUT % AGE, after=b',"valueString":"x"}]'),
        _response(items=ABOUT % AGE) + b"}",
        _response(items=ABOUT % AGE) + b" {}",
        _response(items=ABOUT % AGE)[:-1],
        b"\xef\xbb\xbf" + _response(items=ABOUT % AGE),
        _response(before=b',"language":"\xff"', items=ABOUT % AGE),
        b'"item":[{"linkId":',
        b'{"linkId":',
        b"",
    ],
)
def test_what_is_not_json_or_not_of_this_form_is_left_alone(data: bytes) -> None:
    reader = PieceReader(PlainReader(PACK.questionnaire))
    for good in (_response(items=ABOUT % AGE), _response(items=ABOUT % AGE, after=b',"language":"en"')):
        reader.read(good)
    assert reader.read(data) is None


def test_words_of_a_patient_and_what_is_long_are_not_kept() -> None:
    comment = b'{"linkId":"comment","answer":[{"valueString":"my own words"}]}'
    reader = PieceReader(PlainReader(PACK.questionnaire))
    long = b"x" * 3000
    texts = _documents() + [
        data.replace(b'{"linkId":"about",', b'{"linkId":"about","text":"' + long + b'",') for data in _documents()[:5]
    ]
    for data in texts:
        assert reader.read(data) is not None
    assert not any(b"valueString" in piece or long in piece for piece in reader._kept)
    assert len(reader._kept) > 400
    assert comment not in reader._kept


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cds.intake.pieces._MAX_KEPT", 50)
    reader, checker = PieceReader(PlainReader(PACK.questionnaire)), ResponseChecker(PACK.questionnaire)
    for data in _documents():
        assert reader.read(data) == _fully(checker, data)
        assert len(reader._kept) <= 50
