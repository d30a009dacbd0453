"""Keys from a file: read again when it changes, kept for a while when it breaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cds.service.trust import Client, ClientKeys, NotTrusted
from cds.service.trust.fetched_keys import KEEP_SECONDS
from cds.service.trust.key_file import KeyFile
from tests.service.trust.test_fetched_keys import keys

pytestmark = pytest.mark.anyio


class Desk:
    """A key file that is written at will, and a clock that goes when told."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "keys.json"
        self.now = 0.0
        self.file = KeyFile(self.path, lambda: self.now)

    def write(self, text: str) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.replace(self.path)

    async def find(self, kid: str) -> str:
        try:
            return (await self.file.find(kid, "ES384")).kid
        except NotTrusted as error:
            return error.reason


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_change_is_seen_at_once(desk: Desk) -> None:
    desk.write(json.dumps(keys("old")))
    assert [await desk.find("old"), await desk.find("new")] == ["old", "unknown-key"]
    desk.write(json.dumps(keys("new")))
    assert [await desk.find("old"), await desk.find("new")] == ["unknown-key", "new"]


@pytest.mark.parametrize("text", [None, "", "{", '{"keys": 1}'])
async def test_broken_file(text: str | None, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.write(json.dumps(keys("old")))
    await desk.find("old")
    if text is None:
        desk.path.unlink()
    else:
        desk.write(text)
    assert await desk.find("old") == "old"
    desk.now = KEEP_SECONDS - 1
    assert await desk.find("old") == "old"
    desk.now = KEEP_SECONDS
    assert await desk.find("old") == "keys-unavailable"
    assert caplog.text.count("no keys from the file keys.json") == 1
    desk.write(json.dumps(keys("old")))
    assert await desk.find("old") == "old"


async def test_no_file_from_the_start(desk: Desk) -> None:
    assert await desk.find("old") == "keys-unavailable"


async def test_file_goes_before_the_network(desk: Desk) -> None:
    desk.write(json.dumps(keys("old")))
    address = "https://keys.example.org/jwks.json"
    client = Client("c", "https://c.example.org", jku=(address,), jwks_file=desk.path)
    source = ClientKeys()
    assert (await source.find(client, address, "old", "ES384")).kid == "old"
    assert (await source.find(client, None, "old", "ES384")).kid == "old"
    with pytest.raises(NotTrusted, match="jku"):
        await source.find(client, "https://evil.example.com/jwks.json", "old", "ES384")
    await source.close()
