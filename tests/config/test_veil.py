"""No secret reaches a log, in whatever form it is written; what is no secret stays readable."""

import io
import logging

import pytest

from config.settings import Service, Settings
from config.team import Endpoint, Person, Team
from config.veil import VeiledFormatter, cover, secret_values
from config.watch import JsonSource, Watch, WeiboSource

HOOK = "https://open.chat.example/bot/hook/8f2c-77aa-91"
ENV = {
    "GOLDENHOUR_SECRET": "the signing key",
    "GOLDENHOUR_SMTP_PASSWORD": 'p"ä/ss wörd',
    "GOLDENHOUR_TWILIO_TOKEN": "tw-token-1",
    "ROOM_SIGN": "SEC77f",
    "ROOM_HOOK": "https://oapi.talk.example/robot/send?access_token=4c1b",
    "PING": "https://ping.example/uuid-5f",
    "OTHER": "not ours",
}


def settings(store="postgresql://gh:s3cret%40x@db.example/gh", redis="redis://:r3dis@cache.example:6379/0") -> Settings:
    ways = (
        Endpoint(channel="email", address="li@xinghe.example"),
        Endpoint(channel="feishu", address=HOOK, secret_env="ROOM_SIGN"),
        Endpoint(channel="dingtalk", address="secret:ROOM_HOOK"),
        Endpoint(channel="pagerduty", address="0123456789abcdef0123456789abcdef"),
        Endpoint(channel="twilio_sms", address="+8613800000000"),
    )
    team = Team(person=(Person(id="li", name="李值班", endpoint=ways),), spokesperson="li")
    service = Service.model_validate(
        {"store": {"url": store}, "runner": {"redis_url": redis}, "watching": {"heartbeat_url": "secret:PING"}}
    )
    return Settings(service=service, watch=Watch(), team=team)


def test_every_secret_the_settings_use_is_known_and_nothing_else():
    assert secret_values(settings(), ENV) == {
        "the signing key",
        'p"ä/ss wörd',
        "tw-token-1",
        "SEC77f",
        HOOK,
        "https://oapi.talk.example/robot/send?access_token=4c1b",
        "https://ping.example/uuid-5f",
        "0123456789abcdef0123456789abcdef",
        "s3cret%40x",
        "s3cret@x",
        "r3dis",
    }


def test_before_the_settings_are_read_those_of_the_environment_are_known():
    env = ENV | {"GOLDENHOUR_STORE_URL": "postgresql://gh:zz/top@db/gh"}
    assert secret_values(None, env) == {"the signing key", 'p"ä/ss wörd', "tw-token-1", "zz/top"}


def test_a_secret_in_a_file_is_known_and_one_that_cannot_be_read_is_no_fault(tmp_path):
    (tmp_path / "s").write_text("from a file\n", encoding="utf-8")
    env = {"GOLDENHOUR_SECRET_FILE": str(tmp_path / "s"), "ROOM_SIGN_FILE": str(tmp_path / "gone")}
    assert "from a file" in secret_values(settings(), env)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("login with 'p\"ä/ss wörd' refused", "login with '***' refused"),
        (r'{"password": "p\"\u00e4/ss w\u00f6rd"}', '{"password": "***"}'),
        ("smtp://me:p%22%C3%A4%2Fss%20w%C3%B6rd@mail", "smtp://me:***@mail"),
        ("?key=p%22%C3%A4%2Fss+w%C3%B6rd&x=1", "?key=***&x=1"),
        (f"POST {HOOK} failed", "POST *** failed"),
        ("host open.chat.example, target /bot/hook/8f2c-77aa-91", "host open.chat.example, target ***"),
        ("r3dis r3distribute", "*** r3distribute"),
        ("postgresql://gh:never-seen@db/gh", "postgresql://gh:***@db/gh"),
        ("http://a.example:8080/x mailto:me@b.example", "http://a.example:8080/x mailto:me@b.example"),
        ("job page failed: 451 try later, 13800000000", "job page failed: 451 try later, 13800000000"),
        ("who was told: li@xinghe.example", "who was told: li@xinghe.example"),
    ],
)
def test_every_form_is_covered_and_the_rest_stays(text, seen):
    assert cover(text, secret_values(settings(), ENV)) == seen


@pytest.fixture
def log():
    """A logger of its own whose lines can be read; `log.values` is what is secret now."""
    given = logging.getLogger("goldenhour.test_veil")
    stream, values = io.StringIO(), {"first-secret"}
    handler = logging.StreamHandler(stream)
    handler.setFormatter(VeiledFormatter("%(message)s", lambda: values))
    given.addHandler(handler)
    given.propagate = False
    given.stream, given.values = stream, values
    yield given
    given.removeHandler(handler)


def test_arguments_and_whole_traces_are_veiled(log):
    def store_is_away():
        raise OSError("could not connect: postgresql://gh:hush@db/gh first-secret")

    try:
        store_is_away()
    except OSError as error:
        log.error("job %s: %s", "first-secret", error, exc_info=error)
    said = log.stream.getvalue()
    assert "Traceback" in said
    assert "store_is_away" in said
    assert "first-secret" not in said
    assert "hush" not in said


def test_a_secret_that_changed_is_covered_and_so_is_the_one_before(log):
    log.error("a")
    log.values.clear()
    log.values.add("second-secret")
    log.error("first-secret second-secret")
    assert log.stream.getvalue() == "a\n*** ***\n"


def test_keys_of_sources_are_covered_also_of_those_added_on_screen():
    watch = Watch(
        source=(WeiboSource(id="w", secret_env="WEIBO_APP"), JsonSource(id="n", platform="news", preset="newsapi"))
    )
    env = {"WEIBO_APP": "2.00abcdef", "NEWSAPI_KEY": "news-key-1", "SCREEN_TOKEN": "added-1", "TOKENS_SEEN": "plain-1"}
    made = Settings(service=Service(), watch=watch, team=Team(person=(Person(id="li", name="李"),), spokesperson="li"))
    assert secret_values(made, env) == {"2.00abcdef", "news-key-1", "added-1"}
