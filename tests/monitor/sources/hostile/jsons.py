"""JSON Feeds good and bad, and JSON of other kinds."""

import json
from typing import Any

from store.nouns import Outcome
from tests.monitor.sources.hostile.case import HAN, Case, refused

_URL = "https://jsonfeed.org/version/1.1"
_TYPE = "application/feed+json"
_BAD = Outcome.MALFORMED
_TEN_FIVE = "2026-11-22T02:05:00+00:00"
_DEEP = 100_000


def _feed(items: Any, **more: Any) -> str:
    return json.dumps({"version": _URL, "title": "论坛", **more, "items": items}, ensure_ascii=False)


def _raw(items: str) -> str:
    return f'{{"version":"{_URL}","items":{items}}}'


def _case(name: str, made: Any, *titles: str, **more: Any) -> Case:
    return Case(name, made, titles=titles, served=_TYPE, **more)


GOOD = (
    _case("JSON Feed 1.1", _feed([{"id": "1", "url": "https://a.example/1", "title": HAN, "content_html": "<p>乙</p>",
          "date_published": "2026-11-22T10:05:00+08:00", "authors": [{"name": "小满"}]}]), HAN, texts=("乙",),
          dates=(_TEN_FIVE,), urls=("https://a.example/1",)),
    _case("JSON Feed 1.0", _feed([{"id": 7, "title": "甲", "author": {"name": "小满"}}],
         version="https://jsonfeed.org/version/1"),
          "甲"),
    _case("JSON Feed with a mark and blanks", "\ufeff \n" + _feed([{"id": "1", "title": "甲"}]), "甲"),
    _case("JSON Feed in GBK", _feed([{"id": "1", "title": HAN}]).encode("gbk"), HAN),
    _case("JSON Feed in UTF-16", _feed([{"id": "1", "title": HAN}]).encode("utf-16"), HAN),
    _case("JSON Feed in escapes", json.dumps({"version": _URL, "items": [{"id": "1", "title": HAN + "😡"}]}),
         HAN + "😡"),
    _case("JSON Feed of wewe-rss", _feed([{"id": "Ab-c_1", "url": "https://mp.example/s/Ab-c_1", "title": "甲",
          "content_html": "", "date_modified": "2026-11-22T02:05:00.000Z", "author": {"name": ""}}]), "甲",
          dates=(_TEN_FIVE,)),
    _case("JSON Feed of RSSHub", _feed([{"id": "https://w.example/1", "url": "https://w.example/1",
         "title": "小满: 甲[怒]",
          "date_published": "", "authors": [{"name": "小满"}]}]), "甲[怒]", dates=(None,)),
    Case("JSON Feed without items", _feed([]), Outcome.EMPTY, served=_TYPE),
)  # fmt: skip
ODD = (
    _case("JSON Feed with NaN", _raw('[{"id":NaN,"title":"甲","likes":Infinity}]'), "甲"),
    _case("JSON Feed with null everywhere",
         _raw('[{"id":null,"url":null,"title":"甲","authors":null,"content_text":null}]'),
          "甲", urls=("",)),
    _case("JSON Feed with the wrong types",
         _raw('[{"id":{},"url":[1],"title":"甲","authors":"小满","date_published":1795313100}]'),
          "甲", dates=(_TEN_FIVE,), urls=("",)),
    _case("JSON Feed with a null among items", _raw('[null,{"id":"1","title":"甲"},7,"x",[]]'), "甲", degraded=True),
    _case("JSON Feed with a key twice", _raw('[{"id":"1","title":"甲","title":"乙"}]'), "乙"),
    _case("JSON Feed with control characters",
         _raw('[{"id":"\\u0001\\u0000","title":"甲\\u0000\\u0007\\u001b[1m乙\x01\t丙"}]'),
          "甲[1m乙 丙"),
    _case("JSON Feed with half characters", _raw('[{"id":"1","title":"甲\\ud83d"}]'), "甲\ufffd", garbled=True),
    _case("JSON Feed with links that run", _feed([{"id": "1", "title": "甲", "url": "javascript:alert(1)"}]), "甲",
         urls=("",)),
    _case("JSON Feed with a script", _feed([{"id": "1", "title": "甲<script>x</script>",
         "content_html": "乙<script>y"}]), "甲",
          texts=("乙",)),
    _case("JSON Feed with relative links", _feed([{"id": "1", "title": "甲", "url": "/1"}],
         home_page_url="https://b.example/"),
          "甲", urls=("https://b.example/1",)),
    _case("JSON Feed with a home that runs", _feed([{"id": "1", "title": "甲", "url": "x"}],
         home_page_url="javascript:"), "甲",
          urls=("",)),
    Case("JSON Feed of 4.9 MB in one text", lambda: _feed([{"id": "1", "title": "甲",
         "content_text": "酸" * 1_600_000}]),
         titles=("甲",), texts=("酸" * 20_000,)),
    Case("JSON Feed of 1,600,000 items", lambda: _raw("[" + "{}," * 1_600_000 + "{}]"), Outcome.TOO_LARGE),
    Case("JSON Feed of 100,000 items", lambda: _raw("[" + '{"id":1,"title":"短"},' * 100_000 + "{}]"), titles=("短",)),
    Case("JSON Feed of 900,000 numbers", lambda: _raw('[{"id":1,"title":"短","n":[' + "1.5," * 900_000 + "1]}]"),
         titles=("短",)),
    Case("JSON Feed of 900,000 nulls", lambda: _raw("[" + "null," * 900_000 + '{"id":1,"title":"短"}]'), titles=("短",),
         degraded=True),
)  # fmt: skip
BROKEN = (
    refused("JSON Feed with comments", _raw('[{"id":"1",/* x */"title":"甲"}] // y'), _BAD, served=_TYPE),
    refused("JSON Feed cut", _feed([{"id": "1", "title": HAN}])[:-9], _BAD, served=_TYPE),
    refused("JSON Feed nested 100,000 deep", lambda: _raw("[" * _DEEP + "]" * _DEEP), _BAD, served=_TYPE),
    refused("JSON nested 900,000 deep without an end", lambda: '{"a":' * 900_000, Outcome.TOO_LARGE, served=_TYPE),
    refused("JSON Feed without a list", _raw('{"id":"1","title":"甲"}'), _BAD, served=_TYPE),
    refused("JSON Feed with no items at all", json.dumps({"version": _URL}), _BAD, served=_TYPE),
    refused("JSON Feed of another version", json.dumps({"version": "2", "items": []}), _BAD, served=_TYPE),
    refused("JSON Feed of a version elsewhere", json.dumps({"version": "https://evil.example/1", "items": []}), _BAD),
    refused("JSON Feed with a number of 4 MB", lambda: _raw('[{"id":' + "9" * 4_000_000 + ',"title":"甲"}]'), _BAD),
    refused("JSON Feed behind another", _feed([]) + _feed([{"id": "1", "title": "甲"}]), _BAD, served=_TYPE),
    refused("an error of an API", '{"code":-101,"message":"账号未登录","ttl":1}', _BAD, served="application/json"),
    refused("an error of an API in a list", '[{"error":"rate limited"}]', _BAD, served="application/json"),
    refused("a list", "[]", _BAD, served="application/json"),
    refused("an object", "{}", _BAD, served="application/json"),
    refused("lines of JSON", '{"id":1}\n{"id":2}\n', _BAD, served="application/x-ndjson"),
    refused("a feed within JSON", json.dumps({"data": "<rss><channel/></rss>"}), _BAD),
)  # fmt: skip
CASES = (*GOOD, *ODD, *BROKEN)
