"""Twelve planted secrets: sent to providers that refuse and repeat them all, and found nowhere of ours."""

import io
import json
import logging
import traceback
from functools import partial

import pytest
from sqlalchemy import text

from alerts.channels import Reach
from alerts.channels.registry import CHANNELS
from config.errors import GoldenHourError
from config.gateways import Aliyun, Gateways, Twilio, WecomApp
from config.load import secret
from config.settings import Mail, Service, Settings, StoreSettings, Web
from config.team import Endpoint, Person, Team
from config.watch import Brand, Watch
from desk.access import hash_password
from desk.room import room_of
from desk.runner import beat, inline
from desk.web import build_app
from desk.wiring import build
from store import journal, migrations, pages, people
from store.database import Store
from store.nouns import PageStatus
from tests.alerts.crew import page
from tests.alerts.receiver import Answer, Came, Receiver
from tests.desk.house import PASSWORD, Browser
from tests.worlds.mail import ScriptedMail

PLANTED = {
    "GOLDENHOUR_SECRET": "planted-01-signing-key-qZ8",
    "GOLDENHOUR_SMTP_PASSWORD": "planted-02-mail-password-qZ8",
    "GOLDENHOUR_TWILIO_TOKEN": "planted-03-twilio-token-qZ8",
    "GOLDENHOUR_ALIYUN_SECRET": "planted-04-aliyun-secret-qZ8",
    "GOLDENHOUR_WECOM_SECRET": "planted-05-wecom-secret-qZ8",
    "CHAT_SIGN": "planted-06-webhook-signing-qZ8",
    "FEISHU_SIGN": "planted-07-feishu-sign-qZ8",
    "DING_SIGN": "planted-08-dingtalk-sign+/=qZ8",
    "TELEGRAM_BOT": "109:planted-09-telegram-token-qZ8",
    "NTFY_TOKEN": "planted-10-ntfy-token-qZ8",
}
MARKS = tuple(f"planted-{n:02}" for n in range(1, 13))
SCREENS = ("/", "/incidents", "/deliveries", "/people", "/policy", "/silences", "/inquiries", "/watching", "/sources")


class Parrot(Receiver):
    """A provider that refuses and repeats in its answer all it was told: address, headers and body."""

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        said = {"path": came.path, "headers": came.headers, "body": came.body.decode("utf-8", "replace")}
        return 500, json.dumps({"errcode": 1, "code": 1, "ok": False, "error": said, "message": said}).encode()


def endpoints(base: str) -> tuple[Endpoint, ...]:
    ways = (
        ("email", "li@xinghe.example", ""),
        ("webhook", f"{base}/hook", "CHAT_SIGN"),
        ("feishu", "secret:FEISHU_HOOK", "FEISHU_SIGN"),
        ("dingtalk", f"{base}/robot/send?access_token=planted-12-dingtalk-hook-qZ8", "DING_SIGN"),
        ("telegram", "4711", "TELEGRAM_BOT"),
        ("ntfy", f"{base}/topic", "NTFY_TOKEN"),
        ("twilio_sms", "+8613800001111", ""),
        ("twilio_voice", "+8613800001111", ""),
        ("aliyun_sms", "13800001111", ""),
        ("wecom_app", "li", ""),
    )
    return tuple(Endpoint(channel=channel, address=address, secret_env=name) for channel, address, name in ways)


def settings(base: str, port: int) -> Settings:
    team = Team(
        person=(
            Person(id="li", name="李值班", roles=("responder", "ops"), endpoint=endpoints(base)),
            Person(id="wang", name="王", roles=("lead", "admin")),
        ),
        spokesperson="wang",
    )
    service = Service(
        store=StoreSettings(url="sqlite:///test.db"),
        web=Web(base_url="http://desk.test"),
        mail=Mail(host="127.0.0.1", port=port, security="none", user="pr"),
        gateways=Gateways(
            twilio=Twilio(account="AC1", sender="+15005550006", base_url=base),
            aliyun=Aliyun(key_id="K1", sign_name="星禾", template="SMS_1", base_url=base),
            wecom_app=WecomApp(corp_id="ww1", agent_id=1, base_url=base),
            telegram_url=base,
        ),
    )
    watch = Watch(brand=(Brand(id="xinghe", name="星禾茶饮", any=("星禾",)),))
    return Settings(service=service, watch=watch, team=team)


@pytest.fixture
def logged():
    """Everything any library logs at DEBUG. The veil of our own log is not on: nothing may need it."""
    stream = io.StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def test_twelve_secrets_are_sent_where_they_belong_and_stand_nowhere_else(tmp_path, clock, ids, logged):
    with Parrot() as parrot, ScriptedMail(EHLO="250-here\r\n250 AUTH PLAIN", AUTH="535 5.7.8 no") as mail:
        base = parrot.url.removesuffix("/chat")
        env = PLANTED | {"FEISHU_HOOK": f"{base}/open-apis/bot/v2/hook/planted-11-feishu-hook-qZ8"}
        given = settings(base, mail.port)
        store = Store("sqlite:///test.db", tmp_path)
        migrations.migrate(store)
        house = build(given, store, clock, ids, env)
        with store.transaction() as tx:
            people.set_password(tx, "li", hash_password(PASSWORD), clock())
            for way in given.team.person[0].endpoint:
                pages.add(
                    tx,
                    page(
                        id=ids(), incident="", channel=way.channel, address=way.address, idempotency=ids(), reply="4711"
                    ),
                )
        for _ in range(60):
            if not beat(house.desk, inline(house.desk), 20):
                break
        raised = refusals(given, env, clock)
        browser = Browser(type("Site", (), {"app": build_app(room_of(house, clock))})())
        browser.sign_in("li")
        shown = [browser.get(path).text for path in SCREENS]
        shown += [browser.http.get(path).text for path in ("/health", "/metrics", "/api/incidents")]
        with store.reading() as tx:
            tried = {one.channel for one in pages.newest(tx) if one.tries}
            written = [dump(tx, name) for name in ("pages", "tries", "journal", "agenda", "endpoints")]
            assert journal.broken_at(tx) is None
            assert not [one for one in pages.newest(tx) if one.status == PageStatus.ACCEPTED]
        house.close()
    assert tried == {way.channel for way in given.team.person[0].endpoint}
    heard = [f"{came.path} {came.headers} {came.body!r}" for came in parrot.came]
    assert any("planted-11" in one for one in heard), "the hook itself was dialled"
    # Endpoints written out in team.toml are addresses in the store; what is hidden there is hidden everywhere.
    places = {"log": logged.getvalue(), "screens": "\n".join(shown), "exceptions": "\n".join(raised)}
    places["rows"] = "\n".join(written).replace("planted-12-dingtalk-hook-qZ8", "")
    found = [(where, mark) for where, said in places.items() for mark in MARKS if mark in said]
    assert found == []
    assert len(places["log"]) > 100
    assert len(raised) == len(tried)


def refusals(given: Settings, env: dict[str, str], clock) -> list[str]:
    """What every channel raises, whole traces with causes."""
    said, ways = [], given.team.person[0].endpoint
    names = {way.address: way.secret_env for way in ways}
    reach = Reach(given.service.mail, partial(secret, env=env), names, given.service.gateways, clock)
    for way in ways:
        one = page(incident="", channel=way.channel, address=way.address, reply="4711")
        try:
            CHANNELS[way.channel].send(one, reach)
        except GoldenHourError as error:
            said.append("".join(traceback.format_exception(error)))
    return said


def dump(tx, table: str) -> str:
    return "\n".join(str(tuple(row)) for row in tx.execute(text(f"SELECT * FROM {table}")))  # noqa: S608
