"""`page-test` through the real channels: one line per way, the provider's own answer, no key of any room in it."""

import json

import pytest

from alerts.channels import Channel, Reach, Receipt
from config.load import load
from config.settings import Mail
from desk.commands import page_test
from store.database import Store, hold_alone
from tests.alerts.crew import NOW
from tests.alerts.receiver import Receiver
from tests.desk.test_commands import Place
from tests.worlds.mail import ScriptedMail

KEY = "room-key-4c1b"
SIGN = "a signing secret"


@pytest.fixture
def place(tmp_path, monkeypatch, capsys):
    made = Place(tmp_path, monkeypatch, capsys)
    made.edit("service.toml", 'host = ""', 'host = "127.0.0.1"')
    made.edit("service.toml", 'security = "starttls"', 'security = "none"')
    made.edit("service.toml", 'timeout = "20s"', 'timeout = "2s"')
    monkeypatch.setenv("CHAT_SIGN", SIGN)
    return made


@pytest.fixture
def mail(place):
    """A mail server; `mail(RCPT="550 …")` makes it say that."""
    opened = []

    def open_(**answers):
        server = ScriptedMail(**answers).__enter__()
        opened.append(server)
        place.edit("service.toml", "port = 587", f"port = {server.port}")
        return server

    yield open_
    for one in opened:
        one.__exit__()


def with_chat(place, url, person="li"):
    """The person has a chat beside the mail."""
    text = (place.config / "team.toml").read_text(encoding="utf-8")
    begin = text.index(f'address = "{person}@xinghe.example"')
    end = text.index("\n\n", begin)
    chat = f'\n[[person.endpoint]]\nchannel = "webhook"\naddress = "{url}"\nsecret_env = "CHAT_SIGN"'
    (place.config / "team.toml").write_text(text[:end] + chat + text[end:], encoding="utf-8")


def words(line):
    """A line without its milliseconds, which are a number."""
    found = line.split("  ")
    assert found[5].removesuffix(" ms").isdecimal()
    return [*found[:5], *found[6:]]


def test_every_way_of_a_person_is_tried_and_answers(place, mail):
    server = mail()
    with Receiver() as chat:
        with_chat(place, f"{chat.url}/{KEY}")
        found = place.inside("page-test", "--person", "li")
        assert (found.code, found.complained) == (0, [])
        first, second = found.said
        assert words(first) == ["li", "email", "li@xinghe.example", "accepted", "250"]
        assert words(second) == ["li", "webhook", chat.url.split("/")[2], "accepted", "200"]
        assert len(server.letters) == len(chat.came) == len(chat.messages(SIGN)) == 1
        assert KEY not in "".join(found.said)
    assert not place.database.exists()


def test_a_refusal_is_told_with_the_providers_own_code_and_the_others_are_still_tried(place, mail):
    mail(RCPT="550 no such user")
    with Receiver() as chat:
        with_chat(place, chat.url)
        found = place.inside("page-test", "--person", "li")
    assert found.code == 1
    assert words(found.said[0]) == ["li", "email", "li@xinghe.example", "refused", "550", "no such user"]
    assert words(found.said[1])[3:] == ["accepted", "200"]


def test_nobody_there_and_an_answer_that_says_no(place, mail):
    place.edit("service.toml", "port = 587", "port = 9")
    with Receiver((200, json.dumps({"accepted": False, "error": f"bad {SIGN}"}).encode())) as chat:
        with_chat(place, f"{chat.url}/{KEY}")
        found = place.inside("page-test", "--person", "li")
    assert found.code == 1
    assert [line.split("  ")[3] for line in found.said] == ["refused", "refused"]
    for secret in (SIGN, KEY):
        assert secret not in "".join([*found.said, *found.complained])


def test_as_json_every_field_has_its_name(place, mail):
    mail()
    (line,) = place.inside("page-test", "--person", "chen", "--json").said
    told = json.loads(line)
    assert isinstance(told.pop("took_ms"), int)
    assert told == {
        "person": "chen",
        "channel": "email",
        "where": "chen@xinghe.example",
        "accepted": True,
        "code": "250",
        "detail": "accepted by the mail server",
        "verified": True,
    }


def test_without_a_name_everybody_on_duty_gets_it(place, mail):
    server = mail()
    found = place.inside("page-test")
    assert (found.code, sorted(line.split("  ")[0] for line in found.said)) == (0, ["chen", "li", "wang"])
    assert len(server.letters) == 3
    assert b"X-GoldenHour-Key: test:" in server.letters[0]


def test_a_person_nobody_knows_is_refused_in_one_line(place):
    said = "goldenhour: team.toml: nobody is called 'nobody'; allowed: li, chen, wang, zhao, zhou, ops"
    found = place.inside("page-test", "--person", "nobody")
    assert (found.code, found.said, found.complained) == (2, [], [said])


def test_a_channel_whose_yes_proves_nothing_says_so(place, ids):
    sent = []

    def send(page, _reach):
        sent.append((page.person, page.reason, page.subject))
        return Receipt("0", "somebody says so")

    people = page_test.whom(load(place.config, {}, place.root), "li", NOW)
    (one,) = page_test.tried(people, Reach(Mail(), str), lambda: NOW, ids, {"email": Channel(send, verified=False)})
    line = page_test.line(one).replace(f"  {one.took_ms} ms", "")
    assert line == "li  email  li@xinghe.example  accepted  0  unverified"
    assert sent == [("li", "test", "【测试】呼叫测试，不用做任何事")]


def test_a_channel_that_is_not_built_in_and_a_person_without_any_are_refused(place, ids):
    (li,) = page_test.whom(load(place.config, {}, place.root), "li", NOW)
    nobody = li.model_copy(update={"id": "mute", "endpoint": ()})
    found = page_test.tried([li, nobody], Reach(Mail(), str), lambda: NOW, ids, {})
    assert [(one.person, one.channel, one.accepted, one.code) for one in found] == [
        ("li", "email", False, "no_channel"),
        ("mute", "-", False, "no_endpoint"),
    ]


def test_it_works_while_the_service_runs(place, mail):
    mail()
    store = Store(f"sqlite:///{place.database}")
    with hold_alone(store):
        assert place.inside("page-test", "--person", "li").code == 0
    store.close()
