"""Many at once: rates are held, calls below orange travel together and are counted; a dead address is told to ops."""

import re

import pytest

from alerts.ways import DEAD_AFTER
from config.settings import Mail
from config.team import Endpoint, Person
from store import agenda, endpoints, journal, pages
from store.agenda import Job
from store.nouns import Level, PageStatus
from tests.alerts.crew import MINUTE, NOW, SECOND, Crew, page, person, team
from tests.alerts.receiver import Receiver
from tests.worlds.gateways.dingtalk import Dingtalk, texts
from tests.worlds.mail import ScriptedMail

GONE = (404, b"")


@pytest.fixture
def room(store, clock, ids):
    """li is called in a DingTalk room that takes 20 messages a minute and is silent for ten when there are more."""
    with Dingtalk(clock) as world:
        way = Endpoint(channel="dingtalk", address=world.hook)
        world.crew = Crew(store, clock, ids, team(Person(id="li", name="李", endpoint=(way,))))
        yield world


def add(crew: Crew, n: int, level: Level = Level.YELLOW, **changes) -> None:
    """`n` pages to li over the first way of theirs."""
    way = crew.team.find("li").endpoint[0]
    with crew.store.transaction() as tx:
        for _ in range(n):
            one = page(
                id=crew.ids(),
                channel=way.channel,
                address=way.address,
                level=level,
                subject=f"【{level.value}】{crew.ids()}",
                idempotency=f"{crew.ids()}:{endpoints.key_of(way.channel, way.address)}",
                created_at=crew.clock(),
            )
            pages.add(tx, one)


def work(crew: Crew, until) -> None:
    """Do every PAGE job in the order of the agenda until `until`, moving the clock to what is due next."""
    while True:
        with crew.store.transaction() as tx:
            tasks = agenda.claim(tx, crew.clock(), 1, MINUTE, crew.ids, [Job.PAGE])
            due = min((at for key, at in agenda.waiting(tx).items() if key.startswith("page:")), default=None)
        if tasks:
            again_at = crew.delivery.deliver(tasks[0].key)
            with crew.store.transaction() as tx:
                agenda.finish(tx, tasks[0], again_at)
        elif due is None or due > until:
            return
        else:
            crew.clock.forward(due)


def all_pages(crew: Crew):
    with crew.store.reading() as tx:
        return pages.newest(tx, 5000)


def shown(world: Dingtalk) -> list[str]:
    return ["\n".join(texts(message)) for message in world.shown]


def test_what_is_too_much_for_a_room_travels_together_and_every_call_is_counted_once(room):
    crew = room.crew
    add(crew, 100)
    work(crew, NOW + 10 * MINUTE)
    found = all_pages(crew)
    assert {one.status for one in found} == {PageStatus.ACCEPTED, PageStatus.DIGESTED}
    digests = {one.id: int(re.search(r"(\d+) 条呼叫", one.subject)[1]) for one in found if one.reason == "digest"}
    single = [one for one in found if one.reason == "call" and one.status == PageStatus.ACCEPTED]
    assert len(single) + sum(digests.values()) == 100
    for digest, count in digests.items():
        assert sum(one.digest == digest for one in found) == count
    assert len(room.shown) == len(single) + len(digests) <= 14
    assert room.silent_until is None


def test_red_finds_the_reserve_free_and_never_waits_behind_yellow(room):
    crew = room.crew
    add(crew, 50)
    work(crew, NOW + SECOND)
    add(crew, 6, Level.RED)
    add(crew, 50)
    before = len(room.shown)
    with crew.store.transaction() as tx:
        first = agenda.claim(tx, crew.clock(), 6, MINUTE, crew.ids, [Job.PAGE])
    for task in first:
        crew.delivery.deliver(task.key)
    assert [text.count("red") > 0 for text in shown(room)[before:]] == [True] * 6


def test_a_room_is_never_sent_more_than_it_takes_whatever_the_level(room):
    crew = room.crew
    add(crew, 45, Level.RED)
    work(crew, NOW + 3 * MINUTE)
    assert {one.status for one in all_pages(crew)} == {PageStatus.ACCEPTED}
    assert (len(room.shown), room.silent_until) == (45, None)
    assert crew.clock() == NOW + 2 * MINUTE


def test_one_or_two_calls_are_sent_as_they_are(room):
    add(room.crew, 2)
    work(room.crew, NOW)
    assert [one.status for one in all_pages(room.crew)] == [PageStatus.ACCEPTED] * 2
    assert len(room.shown) == 2


@pytest.fixture
def chat_crew(store, clock, ids):
    """A crew whose li is reached by the webhook `chat`, ops by that webhook and by mail."""
    with ScriptedMail() as mail:

        def made(chat: str) -> Crew:
            sun = person("sun", ("ops",), ("webhook", "email"), chat)
            crew = team(person("li", ("responder",), ("webhook",), chat), sun)
            return Crew(store, clock, ids, crew, Mail(host="127.0.0.1", port=mail.port, security="none"))

        yield made


def test_a_dead_address_is_told_to_ops_once_and_not_over_the_dead_channel(store, chat_crew):
    with Receiver(GONE) as chat:
        crew = chat_crew(chat.url)
        add(crew, DEAD_AFTER + 2)
        work(crew, NOW)
    told = [one for one in all_pages(crew) if one.reason == "dead_channel"]
    assert [(one.person, one.channel, one.address) for one in told] == [("sun", "email", "sun@xinghe.example")]
    assert told[0].subject == "【橙·渠道失效】呼叫不到 li：webhook 连续 3 次未被接受（404）"
    with store.reading() as tx:
        state = endpoints.get(tx, "webhook", chat.url)
        entries = journal.entries(tx, f"endpoint:{state.key}")
    assert (state.failures, state.dead_at, state.code) == (5, NOW, "404")
    assert [one.what for one in entries] == ["endpoint_dead"]


def test_trouble_that_may_pass_is_no_dead_address_within_a_minute(store, chat_crew):
    with Receiver((503, b"")) as chat:
        crew = chat_crew(chat.url)
        add(crew, 1)
        work(crew, NOW + 30 * SECOND)
        with store.reading() as tx:
            assert (endpoints.get(tx, "webhook", chat.url).failures, all_pages(crew)[0].tries) == (5, 5)
        assert [one.reason for one in all_pages(crew)] == ["call"]
        work(crew, NOW + 64 * SECOND)
    assert sorted(one.reason for one in all_pages(crew)) == ["call", "dead_channel"]


def test_one_accepted_message_and_the_address_lives_again(store, chat_crew):
    with Receiver(GONE, GONE, GONE, (200, b'{"accepted": true}')) as chat:
        crew = chat_crew(chat.url)
        add(crew, 4)
        work(crew, NOW)
        with store.reading() as tx:
            state = endpoints.get(tx, "webhook", chat.url)
    assert (state.failures, state.failing_since, state.dead_at, state.accepted_at) == (0, None, None, NOW)


def test_a_page_made_during_a_night_of_calls_keeps_its_place_between_processes(store, clock, ids):
    """The rate is kept in the store: a second process sees the turns the first one took."""
    with Dingtalk(clock) as world:
        way = Endpoint(channel="dingtalk", address=world.hook)
        two = [Crew(store, clock, ids, team(Person(id="li", name="李", endpoint=(way,)))) for _ in range(2)]
        add(two[0], 30, Level.RED)
        with store.transaction() as tx:
            tasks = agenda.claim(tx, NOW, 30, MINUTE, ids, [Job.PAGE])
        for n, task in enumerate(tasks):
            two[n % 2].delivery.deliver(task.key)
        assert (len(world.shown), world.silent_until) == (20, None)


def test_a_digest_that_waits_takes_in_what_comes_after_it(room):
    """A steady stream is told in few messages, not in many small ones."""
    crew = room.crew
    for second in range(60):
        add(crew, 5)
        work(crew, crew.clock())
        crew.clock.forward(NOW + (second + 1) * SECOND)
    work(crew, NOW + 5 * MINUTE)
    found = all_pages(crew)
    single = [one for one in found if one.reason == "call" and one.status == PageStatus.ACCEPTED]
    digests = [one for one in found if one.reason == "digest"]
    counts = [int(re.search(r"(\d+) 条呼叫", one.subject)[1]) for one in digests]
    assert len(single) + sum(counts) == 300
    assert len(room.shown) == len(single) + len(digests) <= 30
    assert crew.clock() <= NOW + 2 * MINUTE
    assert room.silent_until is None


def test_what_is_being_sent_is_not_told_a_second_time_in_a_digest(room):
    crew = room.crew
    add(crew, 1)
    (first,) = all_pages(crew)
    room.refuse(-1, "系统繁忙")
    work(crew, NOW)
    room.instead = None
    add(crew, 30)
    work(crew, NOW + 5 * MINUTE)
    found = {one.id: one for one in all_pages(crew)}
    assert (found[first.id].status, found[first.id].digest, found[first.id].tries) == (PageStatus.ACCEPTED, "", 2)


def test_an_address_that_does_not_answer_is_tried_by_one_message_at_a_time(store, chat_crew):
    with Receiver((503, b"")) as chat:
        crew = chat_crew(chat.url)
        add(crew, 5, Level.RED)
        with store.transaction() as tx:
            endpoints.note_failure(tx, "webhook", chat.url, NOW, "ReadTimeout", slow=True)
        with store.transaction() as tx:
            tasks = agenda.claim(tx, crew.clock(), 9, MINUTE, crew.ids, [Job.PAGE])
        asked = []
        chat.before = lambda: asked.append([crew.delivery.deliver(task.key) for task in tasks[1:]])
        crew.delivery.deliver(tasks[0].key)
        assert asked == [[NOW + 12 * SECOND] * 4]
        assert len(chat.came) == 1
