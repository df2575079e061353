"""An import is never done twice at once, and a preset reads files as it reads what is pushed."""

import json

import pytest

from config.errors import InputError
from config.watch import ImportSource
from monitor.imports.bringing import Bringing
from monitor.imports.files import digest_of, opened
from monitor.imports.rows import rules_of
from monitor.imports.shapes import shape_of
from monitor.intake import Intake
from store import mentions

PLACE = ImportSource(id="files", platform="weibo")


@pytest.fixture
def bringing(store, clock, ids):
    def make(place=PLACE, preset=""):
        return Bringing(store, clock, Intake(ids, "k" * 32), place, shape_of(preset, None), rules_of(place, clock()))

    return make


def brought(path, bringing, begun):
    with opened(path, bringing.shape) as file:
        return [step.at for step in bringing.carry(file, begun)]


def count(store) -> int:
    with store.reading() as tx:
        return mentions.count(tx)


def test_of_two_processes_with_one_file_the_later_one_stops_and_takes_nothing(store, bringing, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"id": f"v-{n:07d}", "text": f"第 {n} 条"}) for n in range(700)))
    one, other = bringing(), bringing()
    begun = one.begin(digest_of(path), path.name, again=False)
    assert other.begin(digest_of(path), path.name, again=False) == begun
    assert [at.rows for at in brought(path, one, begun)] == [500, 700]
    with pytest.raises(InputError, match="another process is importing this file"):
        brought(path, other, begun)
    assert count(store) == 700
    assert other.begin(digest_of(path), path.name, again=False).done_at is not None
    assert other.begin(digest_of(path), path.name, again=True).rows == 0


def test_complaints_in_the_shape_of_a_preset_are_read_from_a_file(store, bringing, tmp_path):
    main = {"sn": "17380000001", "title": "<span>星禾茶饮</span>不退款", "timestamp": "1773291912", "status": 7}
    path = tmp_path / "heimao.json"
    path.write_text(json.dumps({"result": {"data": {"lists": [{"main": main}, {"main": {"sn": "2"}}]}}}))
    one = bringing(ImportSource(id="heimao", platform="heimao"), "heimao")
    (done,) = brought(path, one, one.begin(digest_of(path), path.name, again=False))
    assert (done.accepted, done.rejected) == (1, 1)
    with store.reading() as tx:
        (kept,) = mentions.pending(tx, 5)
    assert (kept.klass, kept.title, kept.status) == ("complaint", "星禾茶饮不退款", "已完成")
