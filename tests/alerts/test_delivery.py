"""What happens after each answer: accepted, again and when, another road, given up; and that a kill doubles nothing."""

from datetime import timedelta

import pytest

from alerts import acks
from alerts.delivery import MAX_TRIES, wait_after
from config.errors import SettingsError
from config.settings import Mail
from store import agenda, incidents, journal, pages
from store.nouns import Level, PageStatus
from tests.alerts.crew import MINUTE, NOW, SECOND, SECRET, Crew, person, team
from tests.alerts.receiver import YES, Receiver
from tests.worlds.mail import ScriptedMail

BUSY = (503, b"")


def crew_of(store, clock, ids, ways=("email", "webhook"), chat="http://127.0.0.1:9/chat", port=1) -> Crew:
    """One incident whose first step was called: li, over `ways` in this order (yellow: the first way only)."""
    mail = Mail(host="127.0.0.1", port=port, security="none")
    crew = Crew(store, clock, ids, team(person("li", ("responder",), ways, chat)), mail)
    crew.spikes(level=Level.YELLOW)
    crew.change(paging_since=NOW)
    crew.alerts.escalate(crew.one().id)
    return crew


@pytest.fixture
def post(store, clock, ids):
    return lambda **words: crew_of(store, clock, ids, **words)


def deliver(crew: Crew, which: int = 0):
    """One try of the `which`-th page; returns when it is to be tried again."""
    return crew.delivery.deliver(crew.pages()[which].id)


def ways(crew: Crew) -> list[tuple[str, PageStatus]]:
    return [(one.channel, one.status) for one in crew.pages()]


def tries(crew: Crew) -> list[tuple[bool, str]]:
    with crew.store.reading() as tx:
        found = pages.tries_of(tx, [one.id for one in crew.pages()])
    return [(one.accepted, one.code) for each in found.values() for one in each]


def due(crew: Crew, job: str = "escalate"):
    with crew.store.reading() as tx:
        return agenda.waiting(tx).get(f"{job}:{crew.one().id}")


def test_accepted_is_written_down_with_the_providers_code(post):
    with ScriptedMail() as server:
        crew = post(ways=("email",), port=server.port)
        assert deliver(crew) is None
    (found,) = crew.pages()
    assert (found.status, found.accepted_at, found.code, found.tries) == (PageStatus.ACCEPTED, NOW, "250", 1)
    assert tries(crew) == [(True, "250")]
    with crew.store.reading() as tx:
        last = journal.entries(tx, incidents.subject(found.incident))[-1]
    assert (last.what, last.why) == ("page_accepted", "call")
    assert last.detail == {"person": "li", "channel": "email", "code": "250", "page": found.id}


def test_what_was_accepted_is_not_sent_again(post):
    with ScriptedMail() as server:
        crew = post(ways=("email",), port=server.port)
        deliver(crew)
        deliver(crew)
        assert len(server.letters) == 1
    assert tries(crew) == [(True, "250")]


def test_the_wait_between_tries_doubles_up_to_two_minutes():
    assert [wait_after(n) // SECOND for n in range(1, 12)] == [2, 4, 8, 16, 32, 64, 120, 120, 120, 120, 120]


def test_each_refusal_is_tried_again_after_its_wait_until_the_tries_are_used_up(post):
    with Receiver(BUSY) as chat:
        crew = post(ways=("webhook",), chat=chat.url)
        waits = []
        while (again := deliver(crew)) is not None:
            waits.append((again - crew.clock()) // SECOND)
            crew.clock.forward(again)
        assert len(chat.came) == MAX_TRIES == 12
        assert {one.headers["idempotency-key"] for one in chat.came} == {crew.pages()[0].id}
    # The fifth wait is cut short: a minute after it was made, a page's other road is due.
    assert waits == [2, 4, 8, 16, 30, 64, 120, 120, 120, 120, 120]
    (found,) = crew.pages()
    assert (found.status, found.code, found.tries) == (PageStatus.FAILED, "503", 12)
    assert crew.told()[-1] == "page_failed"
    assert due(crew) <= crew.clock()


def test_a_permanent_refusal_takes_the_next_channel_at_once(post):
    with ScriptedMail(RCPT="550 no such user") as server, Receiver() as chat:
        crew = post(port=server.port, chat=chat.url)
        assert ways(crew) == [("email", PageStatus.WAITING)]
        assert deliver(crew) is None
        assert ways(crew) == [("email", PageStatus.FAILED), ("webhook", PageStatus.WAITING)]
        deliver(crew, 1)
        assert ways(crew) == [("email", PageStatus.FAILED), ("webhook", PageStatus.ACCEPTED)]
    assert (crew.pages()[1].tries, crew.pages()[1].created_at) == (1, NOW)


def test_not_accepted_within_a_minute_the_next_channel_joins_in_and_only_once(post):
    with Receiver() as chat:
        crew = post(chat=chat.url)
        crew.clock.forward(NOW + 59 * SECOND)
        assert deliver(crew) == NOW + 60 * SECOND
        assert ways(crew) == [("email", PageStatus.WAITING)]
        for second in (60, 90, 120):
            crew.clock.forward(NOW + second * SECOND)
            deliver(crew)
        assert ways(crew) == [("email", PageStatus.WAITING), ("webhook", PageStatus.WAITING)]
        assert crew.pages()[1].created_at == NOW + MINUTE


@pytest.mark.parametrize("ways_", [("email", "webhook"), ("webhook", "email")])
def test_when_every_road_is_refused_each_was_tried_once_and_the_next_step_is_due(post, ways_):
    """A webhook's address has colons in it; it must not be taken for another call."""
    with ScriptedMail(RCPT="550 no such user") as server, Receiver((404, b"")) as chat:
        crew = post(ways=ways_, port=server.port, chat=chat.url)
        for n in range(2):
            deliver(crew, n)
        assert sorted(ways(crew)) == [("email", PageStatus.FAILED), ("webhook", PageStatus.FAILED)]
        assert (len(chat.came), server.verbs().count("RCPT")) == (1, 1)
    crew.alerts.escalate(crew.one().id)
    assert crew.called()[-1] == (1, "chen")


def test_two_chats_whose_addresses_begin_alike_are_two_roads(post):
    long = "http://127.0.0.1:9/open-apis/bot/v2/hook/3f0e1d2c-4b5a-6978-8796-a5b4c3d2e1f"
    crew = post(ways=("webhook",), chat=f"{long}0")
    two = person("li", ("responder",), ("webhook",), f"{long}1").endpoint
    crew.team = team(crew.team.find("li").model_copy(update={"endpoint": (*crew.team.find("li").endpoint, *two)}))
    crew.clock.forward(NOW + MINUTE)
    deliver(crew)
    assert [one.address for one in crew.pages()] == [f"{long}0", f"{long}1"]


def test_the_longest_names_fit_the_stores_key_column(post):
    crew = post(ways=("webhook",), chat="http://127.0.0.1:9/" + "x" * 200)
    assert len(crew.pages()[0].idempotency) - len("li") + 40 + len("2026-03-12T06:00:00+00:00") <= 160


@pytest.mark.parametrize("answer", [BUSY, (404, b"")])
def test_taken_while_the_try_is_under_way_it_is_not_tried_again_nor_elsewhere(post, answer):
    with Receiver(answer) as chat:
        crew = post(ways=("webhook", "email"), chat=chat.url)
        crew.clock.forward(NOW + 2 * MINUTE)
        chat.before = lambda: crew.act(acks.acknowledge, "li", "link")
        assert deliver(crew) is None
    assert ways(crew) == [("webhook", PageStatus.DROPPED), ("email", PageStatus.DROPPED)]
    assert tries(crew) == [(False, str(answer[0]))]


def test_a_secret_that_cannot_be_read_takes_the_other_road(post):
    crew = post(ways=("webhook", "email"))

    def unreadable(name: str) -> str:
        raise SettingsError([f"environment: {name}_FILE: the file cannot be read"])

    reach = crew.delivery.reach
    delivery = type(crew.delivery)(
        crew.store, crew.clock, type(reach)(reach.mail, unreadable, reach.secret_names), crew.caller, timedelta()
    )
    assert delivery.deliver(crew.pages()[0].id) == NOW + 2 * SECOND
    assert ways(crew) == [("webhook", PageStatus.WAITING), ("email", PageStatus.WAITING)]
    assert crew.pages()[0].code == "settings"


def test_a_page_nobody_knows_is_no_error(post):
    assert post().delivery.deliver("0" * 32) is None


class Killed(BaseException):
    """What kill -9 looks like from inside: nothing after it runs."""


def test_killed_between_sending_and_writing_it_down_the_second_sending_carries_the_same_key(post):
    with Receiver((200, YES)) as chat:
        crew = post(ways=("webhook",), chat=chat.url)
        now = crew.clock

        def dies_after_the_answer():
            if chat.came:
                raise Killed
            return now()

        with pytest.raises(Killed):
            type(crew)(crew.store, dies_after_the_answer, crew.ids, crew.team, crew.mail).delivery.deliver(
                crew.pages()[0].id
            )
        assert (len(chat.came), tries(crew), crew.pages()[0].status) == (1, [], PageStatus.WAITING)
        deliver(crew)
        assert len(chat.came) == 2
        assert chat.messages(SECRET) == [crew.pages()[0].idempotency]
    assert (tries(crew), crew.pages()[0].status) == ([(True, "200")], PageStatus.ACCEPTED)
