"""When the store is away the process that still runs writes a mail from memory: once, again, and when it is back."""

import logging
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from alerts.channels import Reach
from config.clock import new_id, rest, utc_now
from config.settings import Mail
from config.team import Endpoint
from desk.demo.mailbox import Mailbox
from desk.last_resort import LastResort
from desk.runner import Desk, Threads
from store import incidents
from store.nouns import ClockState, Level
from tests.alerts.crew import NOW, Crew, incident, person, team
from tests.worlds.mail import ScriptedMail

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def mailbox(clock):
    made = Mailbox(clock)
    made.start()
    yield made
    made.stop()


def mail_at(port: int) -> Mail:
    return Mail(host="127.0.0.1", port=port, security="none", timeout=2 * SECOND)


@pytest.fixture
def crew(store, clock, ids):
    ops = person("sun", ("ops",), ("email", "webhook"))
    hidden = Endpoint(channel="email", address="secret:KIM_MAIL")
    kim = person("kim", ("ops",)).model_copy(update={"endpoint": (hidden,)})
    made = Crew(store, clock, ids, team(ops, kim))
    with store.transaction() as tx:
        incidents.add(tx, incident(owner="chen"))
        incidents.add(
            tx, incident(id="d" * 32, number=8, key="k", level=Level.BLUE, clock=ClockState.NONE, title="小事")
        )
    return made


def at_once(work):
    work()


def resort(crew, mail, run=at_once) -> LastResort:
    secrets = {"KIM_MAIL": "kim@xinghe.example", "GOLDENHOUR_SMTP_PASSWORD": "hush"}
    reach = Reach(mail, lambda name: secrets.get(name, ""))
    return LastResort(crew.store, crew.clock, crew.caller, reach, MINUTE, run)


def away(found: LastResort, clock, span: timedelta) -> None:
    """The beat misses a turn every half minute."""
    end = clock() + span
    while clock() < end:
        clock.forward(clock() + 30 * SECOND)
        found.missed()


def told(mailbox):
    """(minutes after noon, to, subject) of every letter."""
    return [
        ((datetime.fromisoformat(one.at) - NOW) // MINUTE, one.to, one.subject.split(" | ")[1])
        for one in mailbox.letters()
    ]


EVERYBODY = ("sun@xinghe.example", "kim@xinghe.example", "wang@xinghe.example", "li@xinghe.example")


def to_all(minute: int, what: str):
    return [(minute, address, what) for address in EVERYBODY]


def test_after_a_minute_ops_lead_and_duty_get_one_mail_each_half_hour_and_one_at_the_end(crew, mailbox):
    found = resort(crew, mail_at(mailbox.port))
    found.looked()
    away(found, crew.clock, 70 * MINUTE)
    found.looked()
    found.looked()
    away_mails = to_all(1, "store away") + to_all(31, "store away") + to_all(61, "store away")
    assert told(mailbox) == away_mails + to_all(70, "store is back")


def test_a_moment_without_the_store_is_no_news(crew, mailbox):
    found = resort(crew, mail_at(mailbox.port))
    for _ in range(5):
        found.looked()
        away(found, crew.clock, MINUTE)
    found.looked()
    assert told(mailbox) == []


def test_it_says_since_when_what_is_open_and_due_and_what_to_do(crew, mailbox):
    found = resort(crew, mail_at(mailbox.port))
    found.looked()
    away(found, crew.clock, 2 * MINUTE)
    body = mailbox.letters()[0].body.splitlines()
    assert body[0].startswith("数据库从 03-12 14:00 起没有应答（1 分钟）")
    assert "失联前未结束的事件：2 个" in body
    assert "- #7【红】星禾茶饮：食品安全（上吐下泻、住院），首响截止 03-12 14:40（剩 38 分），chen" in body
    assert "- #8【蓝】小事，无首响计时，没有人接手" in body
    assert "- #7 [RED] 星禾茶饮：食品安全（上吐下泻、住院）, response due 03-12 14:40 (38 min left), chen" in body
    assert any(line.startswith("现在要做：运维检查数据库与磁盘") for line in body)


def test_every_outage_and_every_address_has_keys_of_its_own(crew, mailbox):
    found = resort(crew, mail_at(mailbox.port))
    for _ in range(2):
        found.looked()
        away(found, crew.clock, 40 * MINUTE)
    keys = [letter.key for letter in mailbox.letters()]
    assert len(keys) == len(set(keys)) == 5 * len(EVERYBODY)


def test_a_process_that_never_saw_the_store_says_so(crew, mailbox):
    found = resort(crew, mail_at(mailbox.port))
    away(found, crew.clock, 2 * MINUTE)
    assert {letter.to for letter in mailbox.letters()} == set(EVERYBODY)
    assert "失联前的事件：未知（启动后从未读到数据库）" in mailbox.letters()[0].body


@pytest.mark.parametrize("answers", [{"RCPT": "550 who?"}, {"GREET": ""}, {"END": "451 later"}])
def test_a_mail_server_in_trouble_is_logged_and_stops_nothing(crew, caplog, answers):
    with ScriptedMail(**answers) as server:
        found = resort(crew, mail_at(server.port))
        found.looked()
        away(found, crew.clock, 2 * MINUTE)
        assert caplog.text.count("was not accepted") == len(EVERYBODY)
        away(found, crew.clock, 30 * MINUTE)
        assert caplog.text.count("was not accepted") == 2 * len(EVERYBODY)


def test_one_refused_address_does_not_keep_the_others_from_it(crew, mailbox):
    found = resort(crew, mail_at(mailbox.port))
    found.reach = Reach(found.reach.mail, lambda _name: "")
    found.looked()
    away(found, crew.clock, 2 * MINUTE)
    assert {letter.to for letter in mailbox.letters()} == set(EVERYBODY) - {"kim@xinghe.example"}


def test_without_a_mail_server_it_says_so_in_the_log_only(crew, caplog):
    found = resort(crew, Mail())
    found.looked()
    away(found, crew.clock, 2 * MINUTE)
    assert "no mail server is set" in caplog.text


def test_what_is_open_is_looked_at_every_five_seconds_and_not_more(crew, mailbox):
    found = resort(crew, mail_at(mailbox.port))
    found.looked()
    with crew.store.transaction() as tx:
        incidents.add(tx, incident(id="e" * 32, number=9, key="n"))
    crew.clock.forward(crew.clock() + 4 * SECOND)
    found.looked()
    assert len(found._memory.open) == 2
    crew.clock.forward(crew.clock() + SECOND)
    found.looked()
    assert len(found._memory.open) == 3


def test_the_beat_writes_while_it_runs_on(store, mailbox, crew, caplog):
    """The whole way, in real time: a runner, a store that goes away and comes back."""
    caplog.set_level(logging.WARNING)
    reach = Reach(mail_at(mailbox.port), lambda _name: "kim@xinghe.example")
    beside = LastResort(store, utc_now, crew.caller, reach, 0.5 * SECOND)
    running = Threads(Desk(store, utc_now, new_id, {}, 15 * SECOND), 1, beside=[beside])
    running.start()
    try:
        assert soon(lambda: beside._memory)
        rename(store, "agenda", "gone")
        assert soon(lambda: len(mailbox.letters()) == len(EVERYBODY))
        rename(store, "gone", "agenda")
        assert soon(lambda: len(mailbox.letters()) == 2 * len(EVERYBODY))
    finally:
        running.stop()
    assert {letter.subject.split(" | ")[1] for letter in mailbox.letters()} == {"store away", "store is back"}


def rename(store, old: str, new: str) -> None:
    with store.engine.begin() as tx:
        tx.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def soon(condition) -> bool:
    for _ in range(1000):
        if condition():
            return True
        rest(timedelta(milliseconds=10), threading.Event())
    return False
