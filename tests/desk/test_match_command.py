"""`match`, `validate` and `explain` as a script and an analyst meet them."""

import io
import json

import pytest

from config.clock import new_id, utc_now
from config.errors import SettingsError
from config.load import SHIPPED, load
from config.taxonomy import load_taxonomy
from config.watch import Brand, ImportSource
from desk.cli import main
from desk.commands.validate import marks
from desk.wiring import in_force_of
from monitor.intake import Intake
from store import migrations
from store.database import Store
from store.nouns import RawMention


@pytest.fixture
def ask(monkeypatch, capsys):
    """ask(words, stdin) -> (exit code, lines out, lines of complaint)."""

    def asked(words: list[str], stdin: bytes | str = b"") -> tuple[int, list[str], list[str]]:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        code = main(words)
        out, err = capsys.readouterr()
        return code, out.splitlines(), err.splitlines()

    return asked


def lines(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)


def test_each_line_is_judged_by_its_own_query(ask):
    simple = {
        "any": ["云朵牛奶"], "aliases": ["CloudMilk", "云朵"], "ambiguous": ["云朵"], "context": ["奶", "门店"],
        "none": ["招聘"], "mute": ["抽奖"], "competitors": ["蓝湖牛奶"],
    }  # fmt: skip
    mention = {
        "title": None, "body": "雲朵的奶不错", "author": None, "site": None, "url": None,
        "platform": None, "lang": None, "tags": None, "followers": None, "rank": None,
    }  # fmt: skip
    code, out, err = ask(
        ["match", "--json"],
        lines(
            {"id": 1, "query": simple, "mention": mention},
            {"id": "b", "query": simple, "mention": {"text": "云朵真白"}},
            {"id": None, "query": simple, "mention": {"title": "云朵牛奶", "body": None, "extra": 1}},
            {"query": simple, "mention": "云朵牛奶招聘"},
            {"id": 5, "query": simple, "mention": {"title": "抽奖", "body": "Cloudmilk 和蓝湖牛奶"}},
            {"id": 6, "query": "云朵 followers>100", "mention": {"body": "云朵", "followers": 101}},
            {"id": 7, "query": "云朵 followers>100", "mention": {"body": "云朵"}},
            {"id": 8, "query": "云朵", "title": "云朵"},
        ),
    )
    assert (code, err) == (0, [])
    assert [json.loads(line) for line in out] == [
        {"id": 1, "match": True, "why": "命中“云朵”，并有语境词“奶”。"},
        {"id": "b", "match": False, "why": "“云朵”有歧义，上下文里没有任何语境词。"},
        {"id": None, "match": True, "why": "命中“云朵牛奶”、“云朵”。"},
        {"id": None, "match": False, "why": "出现排除词“招聘”，不算。"},
        {"id": 5, "match": True, "why": "命中“CloudMilk”。同时提到蓝湖牛奶。", "muted": True},
        {"id": 6, "match": True, "why": "命中“云朵”、“followers>100”。"},
        {"id": 7, "match": False, "why": "“followers>100”不成立：粉丝数未知。"},
        {"id": 8, "match": True, "why": "命中“云朵”。"},
    ]


@pytest.mark.parametrize(
    "words", [["云朵 -招聘"], ["--query", "云朵 -招聘"], ["--query", '{"any":["云朵"],"none":["招聘"]}']]
)
def test_one_query_judges_bare_mentions(ask, words):
    code, out, err = ask(
        ["match", *words],
        "\ufeff" + lines({"id": 1, "title": "云朵"}, "", {"body": "云朵招聘"}, {"id": 3, "mention": {"body": "云 朵"}}),
    )
    assert (code, err) == (0, [])
    assert [(json.loads(line)["id"], json.loads(line)["match"]) for line in out] == [
        (1, True),
        (None, False),
        (3, True),
    ]


def test_a_bad_line_is_named_and_the_others_are_answered(ask):
    deep = '{"id":2,"query":"a","mention":' + "[" * 100_000 + "}"
    code, out, err = ask(
        ["match"],
        lines(
            "nonsense",
            deep,
            [1],
            {"id": 4, "mention": {"body": "云朵"}},
            {"id": 5, "query": "(云朵", "mention": {"body": "云朵"}},
            {"id": 6, "query": "云朵", "mention": {"body": 5}},
            {"id": 7, "query": "云朵", "mention": {"followers": "many"}},
            {"id": 8, "query": "云朵", "mention": {"rank": True}},
            {"id": 9, "query": "云朵", "mention": {"tags": [1]}},
            {"id": 10, "query": "云朵", "mention": [1]},
            {"id": [1], "query": "云朵", "mention": {}},
            {"id": 12, "query": {"any": "云朵", "none": None}, "mention": {"body": "云朵", "tags": "奶"}},
        ).encode()
        + b'{"id":13,"query":"\xff"}\n'
        + b'{"id":"\\ud800","query":"\\ud800","mention":{"body":"x\\ud800y","followers":1e400}}\n',
    )
    assert code == 2
    assert [json.loads(line)["id"] for line in out] == [12, "\ud800"]
    assert err == [
        "line 1: is not JSON: Expecting value: line 1 column 1 (char 0)",
        "line 2: is not usable JSON: nested too deeply",
        "line 3: must be a JSON object: {id, query, mention}, or a mention when one query is given",
        "line 4: query: is missing; every line needs one, or give one for all with --query",
        "line 5: column 1: this parenthesis is never closed; add a closing one",
        "line 6: mention.body: must be a string or null",
        "line 7: mention.followers: must be a number or null",
        "line 8: mention.rank: must be a number or null",
        "line 9: mention.tags: must be a list of strings or null",
        "line 10: mention: must be an object with title, body, author …",
        "line 11: id: must be a string, a number or null",
        "line 13: is not UTF-8 (byte 19)",
    ]


@pytest.mark.parametrize("words", [["(云朵"], ["--query", "(云朵"], [""], ["云朵", "--query", "云朵"], ["{nonsense"]])
def test_a_query_for_all_that_cannot_be_read_ends_it(ask, words):
    code, out, err = ask(["match", *words], lines({"body": "云朵"}))
    assert (code, out, len(err)) == (2, [], 1)


def test_many_different_queries_are_not_all_kept(ask):
    code, out, _ = ask(["match"], lines(*({"id": n, "query": f"词{n}", "mention": f"词{n}"} for n in range(200))))
    assert (code, len(out)) == (0, 200)
    assert all(json.loads(line)["match"] for line in out)


def test_validate_says_how_a_query_is_read(ask):
    assert ask(["validate", "云朵 异物 OR -招聘"]) == (
        0,
        [
            "ok: 3 word(s)",
            "read as: ((云朵 AND 异物) OR NOT 招聘)",
            "note: a mention that says nothing of you matches too: the query only excludes",
            "注意：什么都没提到的内容也会命中：检索式里只有排除条件",
        ],
        [],
    )
    assert ask(["validate"], "云朵牛奶\n") == (0, ["ok: 1 word(s)", "read as: 云朵牛奶"], [])


def test_validate_points_at_the_fault(ask):
    code, out, err = ask(["validate", "云朵 AND （异物"])
    assert (code, err) == (2, [])
    assert out == [
        "云朵 AND （异物",
        "         ^",
        "column 8: this parenthesis is never closed; add a closing one",
        "第 8 列：括号没有配对；请补上右括号",
    ]
    assert marks("a\n" + "云" * 100 + "(b", 103) == ["… " + "云" * 60 + "(b", " " * 122 + "^"]
    code, out, _ = ask(["validate", '{"any":["云朵","®"]}'])
    assert (code, out[0]) == (2, "any, word 2: column 1: '®' holds nothing to look for; write letters or digits")
    assert ask(["validate", ""])[0] == 2
    assert ask(["validate", "{"])[0] == 2


def test_validate_speaks_json(ask):
    code, out, _ = ask(["validate", "--json", "cl*ud"])
    assert code == 2
    assert json.loads(out[0]) == {
        "ok": False, "reading": "", "words": 0, "notes": [], "column": 3, "place": "",
        "zh": "第 3 列：* 只能放在词尾，如 Cloud*",
        "en": "column 3: * is allowed at the end of a word only, as in Cloud*",
    }  # fmt: skip


def test_explain_shows_which_leaves_hold(ask):
    query = '("云朵牛奶" OR CloudMilk*) AND (异物 OR 过期) NEAR/12 退款 -招聘'
    tree = [
        "✓ AND",
        "  ✓ OR",
        '    ✗ "云朵牛奶"  [2]',
        "    ✓ CloudMilk*  [12]",
        "  ✓ NEAR/12  [39]",
        "    ✓ OR",
        "      ✓ 异物  [29]",
        "      ✗ 过期  [35]",
        "    ✓ 退款  [47]",
        "  ✓ NOT",
        "    ✗ 招聘  [51]",
    ]
    found = ["match: 命中“CloudMilk*”、“异物”、“退款”。", *tree]
    assert ask(["explain", query, "Cloudmilks 有異物要退款"]) == (0, found, [])
    code, out, _ = ask(["explain", "title:云朵 followers>5", '{"title":"云朵","followers":6}'])
    assert (code, out[0]) == (0, "match: 命中“title:云朵”、“followers>5”。")
    assert ask(["explain", "云朵", "--title", "云朵"], "无关")[1][0] == "match: 命中“云朵”。"
    simple = '{"any":["云朵"],"ambiguous":["云朵"],"context":["奶"],"mute":["抽奖"]}'
    assert ask(["explain", simple, "云朵"])[1] == [
        "no match: “云朵”有歧义，上下文里没有任何语境词。",
        "✗ OR",
        "  ✗ WITH",
        "    ✓ OR",
        "      ✓ 云朵  [1]",
        "    ✗ OR",
        "      ✗ 奶  [1]",
    ]
    assert ask(["explain", simple, "云朵奶抽奖"])[1][0] == "match (muted): 命中“云朵”，并有语境词“奶”。"
    code, out, _ = ask(["explain", "--json", "云朵 OR 奶", "奶"])
    assert json.loads(out[0]) == {
        "match": True,
        "why": "命中“奶”。",
        "tree": [
            {"depth": 0, "text": "OR", "column": 0, "holds": True},
            {"depth": 1, "text": "云朵", "column": 1, "holds": False},
            {"depth": 1, "text": "奶", "column": 7, "holds": True},
        ],
    }


def test_of_a_long_list_only_what_holds_is_shown(ask):
    query = " OR ".join(f"词{n}号" for n in range(100))
    assert ask(["explain", query, "词7号和词9号"])[1] == [
        "match: 命中“词7号”、“词9号”。",
        "✓ OR",
        f"  ✓ 词7号  [{query.index('词7号') + 1}]",
        f"  ✓ 词9号  [{query.index('词9号') + 1}]",
        "  ✗ … (+98)",
    ]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A settings folder whose store holds one mention of today."""
    monkeypatch.setenv("GOLDENHOUR_ROOT", str(tmp_path))
    monkeypatch.setenv("GOLDENHOUR_STORE_URL", "sqlite:///kept.db")
    store = Store("sqlite:///kept.db", tmp_path)
    migrations.migrate(store)
    with store.transaction() as tx:
        raws = [
            RawMention(ext_id=f"p{n}", text=text, published_at=utc_now()) for n, text in enumerate(("云朵", "云朵招聘"))
        ]
        Intake(new_id, "k" * 32).keep(tx, ImportSource(id="file", platform="weibo"), raws, utc_now())
    store.close()
    return ["--config", str(SHIPPED)]


def test_an_estimate_counts_what_is_stored(ask, kept):
    code, out, err = ask(["validate", "云朵 -招聘", "--estimate", "--days", "2", *kept])
    assert (code, err) == (0, [])
    assert out[2].endswith("       0  ")
    assert out[3].endswith("       1  " + "#" * 30)
    assert out[4:] == [
        "usual day: 0; 1 of 2 stored mentions, 0 muted",
        "+ 云朵  (命中“云朵”。)",
        "- 云朵招聘  (出现排除词“招聘”，不算。)",
    ]
    code, out, _ = ask(["validate", "云朵", "--estimate", "--days", "1", "--json", *kept])
    told = json.loads(out[0])["estimate"]
    assert (told["total"], told["looked"], [day["mentions"] for day in told["days"]]) == (2, 2, [2])
    assert ask(["validate", "云朵", "--estimate", "--days", "0", *kept])[0] == 2


def test_without_a_store_there_is_nothing_to_count(ask, tmp_path, monkeypatch):
    monkeypatch.setenv("GOLDENHOUR_ROOT", str(tmp_path))
    code, out, err = ask(["validate", "云朵", "--estimate", "--config", str(SHIPPED)])
    assert (code, out) == (2, [])
    assert err == ["goldenhour: --estimate: nothing is stored here yet; let the sources be read first"]
    assert list(tmp_path.iterdir()) == []


def test_settings_whose_queries_cannot_be_read_are_refused_with_every_fault():
    settings = load(SHIPPED, {})
    wrong = (
        Brand(id="a", name="a", query="(云朵"),
        Brand(id="b", name="b", any=("®",)),
        Brand(id="c", name="c", any=("云",), risk={"weather": ("雨",)}),
    )
    with pytest.raises(SettingsError) as raised:
        watch = settings.watch.model_copy(update={"brand": wrong})
        in_force_of(settings.model_copy(update={"watch": watch}), load_taxonomy())
    known = ", ".join(sorted(one.id for one in load_taxonomy().categories))
    assert raised.value.faults == [
        "watch.toml: brand.a.query: column 1: this parenthesis is never closed; add a closing one",
        "watch.toml: brand.b.any, word 1: column 1: '®' holds nothing to look for; write letters or digits",
        f"watch.toml: brand.c.risk.weather: the taxonomy has no such category; allowed: {known}",
    ]
