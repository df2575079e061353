"""`watch BRAND`: the file loads, searches for exactly the brand's words, and nobody believes it hears more."""

import re
import tomllib
from urllib.parse import parse_qs, urlsplit

import pytest

from config.load import load
from config.sources import KINDS
from config.watch import Brand
from desk.commands.watch import COVERED, ROADS
from desk.coverage import PLATFORMS
from tests.desk.test_commands import Place, Ran

XINGHE = ("星禾茶饮", "--also", "Xinghe Tea", "--also", "星禾奶茶", "--none", "星禾村")


@pytest.fixture
def place(tmp_path, monkeypatch, capsys):
    return Place(tmp_path, monkeypatch, capsys)


def written(place: Place, *words: str) -> Ran:
    """Writes into the settings folder, over the shipped file."""
    return place.inside("watch", *words, "--force", "--out", str(place.config / "watch.toml"), config=False)


def watch_of(place: Place):
    return load(place.config, {}, place.root).watch


def asked(source) -> str:
    """What a source searches for, as the other side reads it."""
    return str(parse_qs(urlsplit(source.url).query)["q"][0] if source.kind == "feed" else source.values["query"])


def test_the_written_file_passes_check_and_holds_the_brand(place):
    ran = written(place, *XINGHE, "--company", '星禾“茶饮”有限公司 "南京"')
    assert (ran.code, ran.complained) == (0, [])
    checked = place.inside("check")
    assert (checked.code, checked.said[-1].partition(", 6")[0]) == (0, "settings are right: 1 brand(s), 7 source(s)")
    assert watch_of(place).brand == (
        Brand(
            id="xinghe-tea",
            name="星禾茶饮",
            company='星禾“茶饮”有限公司 "南京"',
            any=("星禾茶饮",),
            aliases=("Xinghe Tea", "星禾奶茶"),
            none=("星禾村",),
        ),
    )


def test_every_public_source_searches_for_the_words_in_its_own_way(place):
    written(place, *XINGHE)
    *searches, mastodon = watch_of(place).source
    words = '"星禾茶饮" OR "Xinghe Tea" OR "星禾奶茶"'
    assert [(one.id.removeprefix("xinghe-tea-"), one.kind, one.platform, asked(one)) for one in searches] == [
        ("google-zh", "feed", "news", f"{words} when:1h"),
        ("google-en", "feed", "news", f"{words} when:1h"),
        ("bing-zh", "feed", "news", words),
        ("bing-en", "feed", "news", words),
        ("gdelt", "json", "news", '"Xinghe Tea"'),
        ("hn", "json", "hackernews", '"Xinghe Tea"'),
    ]
    assert [one.url.partition("q=")[0] + "|" + one.url.partition("&")[2] for one in searches[:4]] == [
        "https://news.google.com/rss/search?|hl=zh-CN&gl=CN&ceid=CN%3Azh-Hans",
        "https://news.google.com/rss/search?|hl=en-US&gl=US&ceid=US%3Aen",
        "https://www.bing.com/news/search?|format=rss&setmkt=zh-CN",
        "https://www.bing.com/news/search?|format=rss&setmkt=en-US",
    ]
    assert (mastodon.kind, mastodon.tags, mastodon.secret_env) == (
        "mastodon", ("星禾茶饮", "XingheTea", "星禾奶茶"), "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("brand", "read"),
    [
        ("C&A", "C&A"), ("星禾 & 茶=好?#1", "星禾 & 茶=好?#1"), ("100%纯", "100%纯"), ("a+b", "a+b"),
        ("back\\slash", "back\\slash"), ("O'Neil", "O'Neil"), ('the "best" tea', "the best tea"),
        ("“星禾”茶饮", "星禾 茶饮"), ("  星禾\n茶饮\t", "星禾 茶饮"), ("星禾🍵", "星禾🍵"),
        ("]] = {evil}", "]] = {evil}"), ("#星禾", "#星禾"),
    ],
)  # fmt: skip
def test_no_sign_in_a_name_breaks_the_file_or_the_query(place, brand, read):
    assert written(place, brand, "--id", "b").code == 0
    watch = watch_of(place)
    assert (watch.brand[0].any, {asked(one) for one in watch.source if one.kind == "feed"}) == (
        (read,),
        {f'"{read}"', f'"{read}" when:1h'},
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("",), "1 to 80 printable characters"),
        (('""',), "1 to 80 printable characters"),
        (("星禾\x07",), "1 to 80 printable characters"),
        (("星" * 81,), "1 to 80 printable characters"),
        (("星禾", "--also", " "), "1 to 80 printable characters"),
        (("星禾", "--none", "“”"), "1 to 80 printable characters"),
        (("星禾", "--none", "星禾"), "is both ours and ruled out"),
        (("星禾", "--id", "星禾"), "1 to 40 characters of a-z 0-9 _ -"),
        (("星禾", "--id", "x/../y"), "1 to 40 characters of a-z 0-9 _ -"),
        (("星禾", "--company", "a\nb"), "one line of printable characters"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_in_one_line(place, words, said):
    before = (place.config / "watch.toml").read_bytes()
    ran = written(place, *words)
    assert (ran.code, ran.said, len(ran.complained), said in ran.complained[0]) == (2, [], 1, True), ran
    assert (place.config / "watch.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (("星禾",), "brand"), (("星禾", "--also", "Xinghe Tea"), "xinghe-tea"), (("!!!",), "brand"),
        (("Acme  & Sons, Ltd.",), "acme-sons-ltd"), (("A" * 60,), "a" * 40), (("星禾", "--id", "tea_1"), "tea_1"),
    ],
)  # fmt: skip
def test_a_name_without_an_id_gets_one(place, words, made):
    written(place, *words)
    assert watch_of(place).brand[0].id == made


def test_printing_writes_nothing_but_settings_to_standard_output(place):
    out = place.root / "watch.toml"
    printed = place.inside("watch", *XINGHE, "--print", "--out", str(out), config=False)
    assert (printed.code, out.exists()) == (0, False)
    written(place, *XINGHE)
    assert "\n".join(printed.said) + "\n" == (place.config / "watch.toml").read_text(encoding="utf-8")
    assert any("没有覆盖的平台" in line for line in printed.complained)


def test_a_file_that_is_there_is_not_written_over(place):
    out = place.root / "watch.toml"
    words = ("--out", str(out))
    assert place.inside("watch", "星禾", *words, config=False).code == 0
    first = out.read_bytes()
    ran = place.inside("watch", "月湖", *words, config=False)
    assert (ran.code, ran.said, ran.complained, out.read_bytes()) == (
        2, [], [f"goldenhour: {out}: is there already; --force writes over it, --out names another file"], first,
    )  # fmt: skip
    assert place.inside("watch", "月湖", *words, "--force", config=False).code == 0
    assert out.read_bytes() != first


def test_a_place_that_cannot_be_written_is_said(place):
    out = place.root / "nowhere" / "watch.toml"
    ran = place.inside("watch", "星禾茶饮", "--out", str(out), config=False)
    assert (ran.code, ran.complained) == (
        2, [f"goldenhour: {out}: cannot be written (No such file or directory); --out names another file"],
    )  # fmt: skip


def test_without_a_latin_name_it_says_what_is_left_out(place):
    ran = written(place, "星禾茶饮")
    kinds = [one.id.removeprefix("brand-") for one in watch_of(place).source]
    assert kinds == ["google-zh", "google-en", "bing-zh", "bing-en", "mastodon"]
    assert any("没有写 GDELT 和 Hacker News" in line for line in ran.said)
    assert not any("没有写 GDELT" in line for line in written(place, *XINGHE).said)


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (("Xinghe",), ["Xinghe"]),
        (("Xinghe Tea",), ['"Xinghe Tea"']),
        (("Xinghe", "Xinghe Tea", "X-Tea"), ['(Xinghe OR "Xinghe Tea" OR "X-Tea")']),
        (("ABC",), []),
        (("A-B", "A&B"), []),
        (("ABC", "Xinghe"), ["Xinghe"]),
    ],
)
def test_gdelt_is_asked_only_what_it_does_not_refuse(place, words, query):
    """Parentheses only around an OR, quotes only around what is no plain word, nothing too short."""
    written(place, words[0], *(part for word in words[1:] for part in ("--also", word)))
    found = [asked(one) for one in watch_of(place).source if one.id.endswith("-gdelt")]
    assert found == query


def test_many_names_are_shared_out_over_several_searches(place):
    names = [f"Xinghe{number:02}" for number in range(20)]
    written(place, names[0], "--id", "x", *(part for name in names[1:] for part in ("--also", name)))
    sources = watch_of(place).source
    assert len({one.id for one in sources}) == len(sources)
    for start in ("x-google-zh", "x-google-en", "x-bing-zh", "x-bing-en", "x-gdelt"):
        searches = [asked(one) for one in sources if one.id.startswith(start)]
        assert [re.findall(r"Xinghe\d\d", one) for one in searches] == [names[:8], names[8:16], names[16:]]
    assert [asked(one) for one in sources if one.id.startswith("x-hn")] == [f'"{name}"' for name in names]


@pytest.mark.parametrize(("brand", "short"), [("星禾", True), ("星禾茶饮", False), ("ABC", True), ("ABCD", False)])
def test_a_short_name_is_warned_of(place, brand, short):
    assert any("太短" in line for line in written(place, brand).said) is short


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("zh", ["微博", "微信公众号", "抖音", "小红书", "知乎", "B站", "黑猫投诉", "12315"]),
        (
            "en",
            ["Weibo", "WeChat accounts", "Douyin", "Xiaohongshu", "Zhihu", "Bilibili", "Heimao complaints", "12315"],
        ),
    ],
)
def test_it_says_at_the_terminal_and_in_the_file_what_it_does_not_cover(place, lang, names):
    ran = written(place, "Xinghe Tea", "--lang", lang)
    text = (place.config / "watch.toml").read_text(encoding="utf-8")
    told = [line for line in ran.said if re.fullmatch(r"  .+[:：].+ \[.+\]", line)]
    assert len(told) == len(PLATFORMS) - len(COVERED)
    assert [name for name in names if not any(line.startswith(f"  {name}") for line in told)] == []
    assert [line for line in told if f"# {line}\n" not in text] == []
    assert bool(re.search("[\u4e00-\u9fff]", "\n".join(ran.said) + text)) is (lang == "zh")


def test_every_platform_is_either_covered_or_has_a_road_of_a_kind_there_is(place):
    assert set(PLATFORMS) == COVERED | set(ROADS)
    roads = [road.split()[0] for roads in ROADS.values() for road in roads.split(" · ")]
    assert set(roads) <= set(KINDS)


def test_what_is_written_is_plain_toml_without_secrets(place):
    written(place, *XINGHE)
    found = tomllib.loads((place.config / "watch.toml").read_text(encoding="utf-8"))
    assert set(found) == {"brand", "source"}
    assert all("secret_env" not in source for source in found["source"])
