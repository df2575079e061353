"""A wrong description of a JSON place is a fault when the settings load: file, key, and what is allowed."""

import tomllib

import pytest

from config.errors import InputError, SettingsError
from config.load import SHIPPED, load
from config.mapping import JsonSpec
from config.presets import FOLDER, load_preset, preset_names
from monitor.sourcebook import parse, write

SHAPES = {"bilibili", "heimao", "mediacrawler"}
PLACES = {
    "appstore_reviews", "brandwatch", "douyin_search", "gdelt", "hn", "newsapi", "newsnow", "reddit",
    "reddit_comments", "wechat_comments", "youtube", "youtube_comments",
}  # fmt: skip


def fault(**spec) -> str:
    with pytest.raises(InputError) as caught:
        parse({"kind": "json", "id": "s", "platform": "p"} | spec)
    return str(caught.value)


def own(**more) -> dict:
    return {"items": "items", "map": {"text": "text", "ext_id": "id"}, "request": {"url": "https://x.example"}} | more


def test_every_preset_loads_says_where_it_comes_from_and_whether_it_can_be_asked():
    assert set(preset_names()) == SHAPES | PLACES
    for name in preset_names():
        spec = load_preset(name)
        assert spec.source, name
        assert spec.platform, name
        assert (spec.request is None) == (name in SHAPES), name


def test_no_preset_carries_anything_that_looks_like_a_key():
    for path in FOLDER.glob("*.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        auth = table.get("request", {}).get("auth", {})
        assert auth.get("value", "{secret}").count("{secret}") == 1, path


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, f"source: needs `preset` or `spec`; presets: {', '.join(preset_names())}"),
        ({"preset": "hackernews"}, f"source: preset: there is no 'hackernews'; allowed: {', '.join(preset_names())}"),
        ({"preset": "hn", "values": {"quer": "x"}},
         "source: values.quer: the request has no {quer}; allowed: query, tags"),
        ({"preset": "bilibili"},
         "source: it is only a shape of what is pushed or imported; allowed here are places that can be asked"),
        ({"preset": "hn", "spec": {"request": {"auth": {"type": "header"}}}},
         "source: secret_env: is missing; the request carries a key or token"),
        ({"spec": own(cursor={"kind": "windows"})}, "spec.cursor.kind: input should be 'none', 'window' or 'since_id'"),
        ({"spec": own(itms="x")}, "spec.itms: extra inputs are not permitted"),
        ({"spec": own(map={"url": "url"})}, "spec.map: needs title or text: a mention without words is none"),
        ({"spec": own(map={"text": "a.[b"})},
         "spec.map: text: 'a.[b' is not JMESPath: Invalid jmespath expression: Incomplete expression: \"a.[b\" ^"),
        ({"spec": own(map={"text": "a -> template"})},
         "spec.map: text: transform template needs an argument, as in template(https://…/{id})"),
        ({"spec": own(map={"text": "a -> int(3)"})}, "spec.map: text: transform int takes no argument"),
        ({"spec": own(map={"text": "-> str"})},
         'spec.map: text: needs a JMESPath, or one with transforms: "a.b || c -> html_text"'),
        ({"spec": own(drop="!a.b")}, "spec.drop: '!a.b': `!a.b` means (!a).b in JMESPath; write !(a.b)"),
        ({"spec": own(errors=[{"path": "code", "equals": [1], "as": "bad"}])},
         "spec.errors.0.as: one of empty, rate_limited, auth_failed, quota_exhausted, gone, blocked, malformed, "
         "timeout, server_error"),
        ({"spec": own(errors=[{"as": "gone"}])}, "spec.errors.0: needs a condition: path, contains or status"),
        ({"spec": own(errors=[{"contains": "(", "as": "gone"}])},
         "spec.errors.0.contains: is no regular expression: missing ), unterminated subpattern at position 0"),
        ({"spec": own(pages={"kind": "token"})},
         "spec.pages: token is needed for kind = token: the JMESPath of the next token"),
        ({"spec": own(request={"url": "https://x.example", "params": {"s": "{since_iso}"}})},
         "spec: request: {since_iso} needs a cursor (window or since_id)"),
        ({"spec": own(map={"text": "t"}, cursor={"kind": "since_id"})},
         "spec: cursor.id: is needed, or map.ext_id: something must say the newest id"),
        ({"spec": own(request={"url": "https://x.example", "body": {"a": 1}})},
         'spec.request: body needs method = "POST"'),
        ({"spec": own(request={"url": "https://x.example", "auth": {"type": "oauth2"}})},
         "spec.request.auth: token_url is needed for oauth2"),
    ],
)  # fmt: skip
def test_faults(given, said):
    assert fault(**given) == said


def test_an_unknown_name_in_a_request_lists_those_that_are_filled_by_themselves():
    said = fault(spec=own(request={"url": "https://x.example/{brnad}"}))
    assert said.startswith("source: values.brnad: is missing; the request needs it (it fills by itself: now_epoch,")


def test_an_unknown_transform_and_field_name_all_there_are():
    assert fault(spec=own(map={"text": "t -> html"})).startswith(
        "spec.map: text: there is no transform 'html'; allowed: html_text, strip_em, unescape, str, int, cn_int,"
    )
    assert fault(preset="hn", spec={"map": {"like": "x"}}).startswith(
        "spec.map: a mention has no 'like'; allowed: title, text, url, ext_id,"
    )


def test_the_file_and_key_are_named_when_the_settings_load(tmp_path):
    for name in ("service.toml", "team.toml", "calendar.toml"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    (tmp_path / "watch.toml").write_text(
        '[[source]]\nid = "news"\nkind = "json"\nplatform = "news"\npreset = "hn"\n'
        '[source.spec.map]\nlikes = "a -> b"\n'
    )
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {})
    assert caught.value.faults == [
        "watch.toml: source.news.spec.map: likes: there is no transform 'b'; allowed: html_text, strip_em, unescape, "
        "str, int, cn_int, epoch_s, epoch_ms, rfc2822, iso, weibo_date, gdelt_date, cn_date, urljoin, template, "
        "weibo_url, at_uri_url"
    ]


def test_what_differs_from_a_preset_is_laid_over_it_and_survives_being_written():
    given = {
        "kind": "json", "id": "s", "platform": "p", "preset": "reddit", "values": {"query": "x"},
        "secret_env": "OTHER_APP", "limits": {"per_hour": 10},
        "spec": {"request": {"params": {"sort": "hot"}}, "map": {"likes": "data.score"}},
    }  # fmt: skip
    source = parse(given)
    shipped = load_preset("reddit")
    assert source.described.request.params == shipped.request.params | {"sort": "hot"}
    assert source.described.map == shipped.map | {"likes": "data.score"}
    assert isinstance(source.described, JsonSpec)
    assert source.account == "reddit:OTHER_APP"
    saved = write(source, author="a", at=None)
    assert parse(saved.spec | {"id": "s"}) == source


def test_the_key_of_a_preset_has_a_usual_name():
    source = parse({"kind": "json", "id": "s", "platform": "p", "preset": "youtube", "values": {"query": "x"}})
    assert (source.secret_name, source.account) == ("YOUTUBE_API_KEY", "youtube:YOUTUBE_API_KEY")
    assert parse({"kind": "json", "id": "s", "platform": "p", "preset": "hn"}).secret_name == ""
