"""The team plan: faults of deputies and promises, who else is called for a category, and what `check` warns of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.first_hour import Rules
from alerts.oncall import Absence, Override
from alerts.roster import Hole, answering_for, called_for, first_two, holes, profile_for, sentence
from config.calendar import Calendar, load_calendar
from config.errors import SettingsError
from config.load import SHIPPED, load
from config.settings import Service, Settings, Watch
from config.taxonomy import load_taxonomy
from config.team import Endpoint, Escalation, FirstHour, Person, Rota, Specialist, Step, Team
from desk.commands.check import Plan, warnings
from store.nouns import Level
from tests.alerts.crew import ZONE, person, rota, team

TAXONOMY = load_taxonomy()
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)
SHIPPED_TEAM = load(SHIPPED, {}).team


def minutes(*found: int) -> tuple[timedelta, ...]:
    return tuple(n * MINUTE for n in found)


def named(name: str, *roles, deputy="", ways=("email", "webhook")) -> Person:
    return person(name, roles or ("viewer",), ways).model_copy(update={"deputy": deputy})


# ---- faults


def shipped_with(tmp_path, *changes: tuple[str, str]):
    for file in ("service.toml", "watch.toml", "team.toml"):
        text = (SHIPPED / file).read_text(encoding="utf-8")
        for old, new in changes if file == "team.toml" else ():
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / file).write_text(text, encoding="utf-8")
    return tmp_path


ZONE_WANTED = "an IANA time zone such as Asia/Shanghai (found 'Mars/Base')"


def test_a_zone_nobody_knows_is_refused_with_its_key(tmp_path):
    folder = shipped_with(
        tmp_path,
        ('zone = ""                          # 本人', 'zone = "Mars/Base" # 本人'),
        ('zone = ""                          # 交接', 'zone = "Mars/Base" # 交接'),
    )
    with pytest.raises(SettingsError) as caught:
        load(folder, {})
    assert caught.value.faults == [
        f"team.toml: person.li.zone: {ZONE_WANTED}",
        f"team.toml: rota.1.zone: {ZONE_WANTED}",
    ]


PROFILE = '[[first_hour.profile]]\npromise = "30m"\n'


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            'deputy = "chen"',
            'deputy = "nobody"',
            ["person.li.deputy: nobody is called 'nobody'; allowed: chen, li, ops, wang, zhao, zhou"],
        ),
        (
            'deputy = "chen"',
            'deputy = "li"',
            ["person.li.deputy: nobody stands in for themselves; name somebody else"],
        ),
        (
            'spokesperson_deputies = ["wang"]',
            'spokesperson_deputies = ["wang", "zhao"]',
            ["spokesperson_deputies: 'zhao' is the spokesperson; name somebody else"],
        ),
        ('id = "zhou"', 'id = "ops"', ["person.id: 'ops' is used twice"]),
        ('duty = "lead"', 'duty = "duty"', ["rota.duty: 'duty' is used twice"]),
        ('role = "dpo"', 'role = "ciso"', ["escalation.specialists.role: 'ciso' is used twice"]),
        (
            'role = "ciso", call = ["ops"]',
            'role = "ciso", call = ["ops", "zhou", "duty", "it"]',
            [
                "escalation.specialists.ciso.call: no rota, role or person is called 'it'; allowed: admin, backup, "
                "chen, drafter, duty, executive, lead, legal, li, ops, responder, spokesperson, wang, zhao, zhou"
            ],
        ),
        (
            "# [[first_hour.profile]]",
            f'{PROFILE}[[first_hour.profile]]\npromise = "20m"\nreminders = ["19m", "20m", "1h"]\n#',
            [
                "first_hour.profile.2.reminders: 20m is too long; allowed: less than 20m",
                "first_hour.profile.2.reminders: 1h is too long; allowed: less than 20m",
            ],
        ),
        ("# [[first_hour.profile]]", f'{PROFILE}reminders = ["29m"]\n#', []),
        ('kind = "email"', 'kind = "complaint"', ["answer.kind: 'complaint' is used twice"]),
        ("初步方案", "确认收到", ["answer.complaint.stages.name: '确认收到' is used twice"]),
        (
            '[{ name = "首次响应", after = "24h", warn = "4h" }]',
            "[]",
            ["answer.after_sales.stages: is empty; at least one is needed"],
        ),
        (
            'warn = "5m"',
            'warn = "10m"',
            ["answer.message.stages.回复.warn: 10m is too long; allowed: less than 10m"],
        ),
    ],
)
def test_a_plan_that_does_not_hold_together_is_a_fault(tmp_path, old, new, faults):
    folder = shipped_with(tmp_path, (old, new))
    try:
        found = load(folder, {}).team.faults()
    except SettingsError as error:
        found = error.faults
    assert found == [f"team.toml: {fault}" for fault in faults]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# [[first_hour.profile]]", f'{PROFILE}levels = ["yellow"]\n#', "first_hour.profile.1.levels.1: "),
        ("# [[first_hour.profile]]", '[[first_hour.profile]]\npromise = "0m"\n#', "first_hour.profile.1.promise: "),
        ('after = "10m", working', 'after = "0m", working', "answer.3.stages.1.after: "),
        ('warn = "5m"', 'warn = "5"', "answer.3.stages.1.warn: "),
        ('kind = "message"', 'kind = "Message"', "answer.3.kind: "),
        ("holidays = []", 'holidays = ["May Day"]', "rota.1.holidays.1: "),
    ],
)
def test_what_makes_no_sense_in_one_key_is_refused_at_once(tmp_path, old, new, said):
    with pytest.raises(SettingsError) as caught:
        load(shipped_with(tmp_path, (old, new)), {})
    assert [fault.startswith(f"team.toml: {said}") for fault in caught.value.faults] == [True]


# ---- who else is called


def calls(category: str, level: Level = Level.ORANGE, found: Team = SHIPPED_TEAM) -> tuple[str, ...]:
    return called_for(found, TAXONOMY.category(category), level)


def test_from_orange_up_the_roles_of_the_category_are_called_too():
    assert calls("data_breach") == ("ops", "legal")
    assert calls("food_safety") == ("lead", "legal")
    assert calls("regulatory", Level.RED) == ("legal", "executive")
    assert calls("data_breach", Level.YELLOW) == ()
    assert calls("something else") == ()


def test_a_team_that_says_nothing_calls_those_who_have_the_role_itself():
    plain = team(named("zhou", "legal"))
    assert calls("data_breach", found=plain) == ("legal",)
    assert calls("data_breach", found=team()) == ()
    on_rota = team(rota=(rota("duty", "li"), rota("customer_service", "chen")))
    assert calls("data_breach", found=on_rota) == ("customer_service",)


def test_what_the_team_says_of_a_role_goes_before_its_own_roles():
    steps = Escalation(specialists=(Specialist(role="legal", call=()), Specialist(role="dpo", call=("zhao",))))
    quiet = team(named("zhou", "legal"), escalation=steps)
    assert calls("data_breach", found=quiet) == ("zhao",)
    assert [answering_for(quiet, role) for role in ("legal", "dpo", "ciso")] == [(), ("zhao",), None]


# ---- the promise


def promised(first_hour: FirstHour, category="food_safety", level=Level.RED) -> tuple[int, list[int]]:
    found = profile_for(first_hour, category, level)
    assert found.after_breach == first_hour.after_breach
    return found.promise // MINUTE, [after // MINUTE for after in found.reminders]


def hour_with(*profiles: dict) -> FirstHour:
    return FirstHour.model_validate({"profile": profiles})


def test_without_a_profile_that_fits_the_promise_is_the_hour():
    plain = FirstHour()
    assert profile_for(plain, "food_safety", Level.RED) == Rules(60 * MINUTE, minutes(15, 30, 45, 50, 55), 15 * MINUTE)
    other = hour_with({"categories": ["finance"], "promise": "30m"}, {"levels": ["red"], "promise": "20m"})
    assert promised(other, level=Level.ORANGE) == (60, [15, 30, 45, 50, 55])


def test_the_shortest_promise_that_fits_counts_with_its_own_reminders():
    rules = hour_with(
        {"promise": "50m"},
        {"categories": ["food_safety", "finance"], "levels": ["red"], "promise": "30m", "reminders": ["10m", "25m"]},
        {"levels": ["red", "orange"], "promise": "40m", "reminders": []},
    )
    assert promised(rules) == (30, [10, 25])
    assert promised(rules, category="finance") == (30, [10, 25])
    assert promised(rules, category="labour") == (40, [])
    assert promised(rules, level=Level.ORANGE) == (40, [])
    assert promised(rules, level=Level.YELLOW) == (50, [15, 30, 45])


def test_reminders_left_out_are_those_of_the_hour_before_the_promise():
    assert promised(hour_with({"promise": "45m"})) == (45, [15, 30])


def test_a_profile_may_be_more_patient_than_the_hour():
    assert promised(hour_with({"categories": ["finance"], "promise": "2h"}), "finance")[0] == 120


# ---- holes


def absent(name: str, since: float, until: float) -> Absence:
    return Absence(name, MONDAY + since * DAY, MONDAY + until * DAY)


def test_a_plan_that_holds_has_no_holes():
    found = team(rota=(rota("duty", "li", "chen"), rota("backup", "chen", "li"), rota("lead", "wang")))
    assert holes(found, MONDAY, MONDAY + 28 * DAY, ZONE) == []


def test_primary_and_backup_who_turn_at_different_hours_are_one_person_in_between():
    late = Rota(duty="backup", people=("chen", "li"), first_day=date(2026, 1, 5), hand_over="10:00")
    found = team(rota=(rota("duty", "li", "chen"), late))
    gaps = [
        Hole("same", ("duty", "backup"), (who,), MONDAY + n * 7 * DAY, MONDAY + n * 7 * DAY + HOUR)
        for n, who in ((0, "li"), (1, "chen"), (2, "li"))
    ]
    assert holes(found, MONDAY, MONDAY + 21 * DAY, ZONE) == gaps
    assert sentence(gaps[0], found, ZONE) == (
        "2026-01-05 09:00 to 2026-01-05 10:00: duty, backup are the same person (li), "
        "so nobody else gets the second call"
    )
    assert sentence(gaps[0], SHIPPED_TEAM, ZONE, "zh") == (
        "2026-01-05 09:00 至 2026-01-05 10:00：duty、backup 是同一个人（李值班），没有人接第二次呼叫"
    )


def test_holes_of_two_people_are_two():
    both = team(rota=(rota("duty", "li", "chen"), rota("backup", "li", "chen")))
    week = MONDAY + 7 * DAY
    assert holes(both, MONDAY, MONDAY + 10 * DAY, ZONE) == [
        Hole("same", ("duty", "backup"), ("li",), MONDAY, week),
        Hole("same", ("duty", "backup"), ("chen",), week, MONDAY + 10 * DAY),
    ]


def test_the_first_two_rotas_of_the_escalation_are_compared():
    steps = (Step(after=5 * MINUTE, call=("responder", "second")), Step(after=timedelta(), call=("first",)))
    plan = (rota("third", "li"), rota("second", "li"), rota("first", "li"))
    found = team(rota=plan, escalation=Escalation(steps=steps))
    assert [one.duty for one in first_two(found)] == ["first", "second"]
    assert holes(found, MONDAY, MONDAY + DAY, ZONE) == [
        Hole("same", ("first", "second"), ("li",), MONDAY, MONDAY + DAY),
    ]


def test_an_override_or_an_absence_that_leaves_one_person_for_both_is_a_hole():
    found = team(named("li", "responder", deputy="chen"))
    takes = [Override("backup", "li", MONDAY + DAY, MONDAY + 2 * DAY)]
    both = [Hole("same", ("duty", "backup"), ("li",), MONDAY + DAY, MONDAY + 2 * DAY)]
    assert holes(found, MONDAY, MONDAY + 7 * DAY, ZONE, takes) == both
    away = [absent("li", 2, 3)]
    both = [Hole("same", ("duty", "backup"), ("chen",), MONDAY + 2 * DAY, MONDAY + 3 * DAY)]
    assert holes(found, MONDAY, MONDAY + 7 * DAY, ZONE, (), away) == both


def test_a_duty_or_role_that_is_left_with_absent_people_is_a_hole():
    found = team(rota=(rota("duty", "li"), rota("backup", "chen"), rota("lead", "wang")))
    away = [absent("wang", 1, 3), absent("zhao", 2, 5), absent("wang", 3, 4)]
    assert holes(found, MONDAY, MONDAY + 4.5 * DAY, ZONE, (), away) == [
        Hole("absent", ("lead",), ("wang",), MONDAY + DAY, MONDAY + 4 * DAY),
        Hole("absent", ("executive",), ("zhao",), MONDAY + 2 * DAY, MONDAY + 4.5 * DAY),
    ]


def test_somebody_who_left_the_team_covers_no_hole():
    found = team()
    gone = [Override("lead", "gone", MONDAY, MONDAY + DAY)]
    lost = Hole("absent", ("lead",), ("wang",), MONDAY, MONDAY + DAY)
    assert holes(found, MONDAY, MONDAY + DAY, ZONE, gone, [absent("wang", 0, 1)]) == [lost]
    assert sentence(lost, found, ZONE) == (
        "2026-01-05 09:00 to 2026-01-06 09:00: lead falls to wang, and everybody who could take it is absent"
    )


# ---- check

GOOD = (
    named("li", "responder", deputy="chen"),
    named("chen", "responder", deputy="li"),
    named("wang", "lead", deputy="zhao"),
    named("zhao", "spokesperson", "executive", deputy="wang"),
)
PLAN = (rota("duty", "li", "chen"), rota("backup", "chen", "li"), rota("lead", "wang"))
ALL_ROLES = sorted({role for category in TAXONOMY.categories for role in category.page})
NOBODY_NEEDED = Escalation(specialists=tuple(Specialist(role=role, call=()) for role in ALL_ROLES))


def warned(*, now=MONDAY, calendar=None, people=GOOD, **changes) -> list[str]:
    """What check says of a plan that is well but for the changes, without what it says of brands and mail."""
    made = {"person": people, "rota": PLAN, "spokesperson": "zhao", "spokesperson_deputies": ("wang",)}
    found = Team(**(made | {"escalation": NOBODY_NEEDED} | changes))
    service = Service.model_validate(
        {"mail": {"host": "smtp.example"}, "watching": {"heartbeat_url": "https://hc.example/1"}}
    )
    settings = Settings(service=service, watch=Watch(), team=found)
    known = calendar or Calendar(holidays=(date(2026, 10, 1), date(2027, 10, 1)))
    return [one for one in warnings(settings, Plan(known, TAXONOMY, now)) if not one.startswith("watch.toml")]


def test_check_has_nothing_to_say_of_a_good_plan():
    assert warned() == []


def test_check_names_those_whom_one_broken_channel_makes_unreachable():
    mails = Endpoint(channel="email", address="li@home.example")
    two_mails = GOOD[0].model_copy(update={"endpoint": (GOOD[0].endpoint[0], mails)})
    one_way = named("chen", "responder", deputy="li", ways=("email",))
    assert warned(people=(two_mails, one_way, *GOOD[2:])) == [
        "team.toml: person.li.endpoint: all ways are email; add another channel",
        "team.toml: person.chen.endpoint: only 1 of 2 ways to reach them",
    ]


def test_check_names_what_rests_on_one_person_without_a_deputy():
    alone = (*GOOD[:2], named("wang", "lead"), named("zhao", "spokesperson", "executive"), named("zhou", "legal"))
    words = "has it, nobody stands in; set person"
    plan = (*PLAN[:2], rota("lead", "wang", "wang"), rota("weekend", "wang"))
    assert warned(people=alone, rota=plan, spokesperson_deputies=()) == [
        f"team.toml: rota.lead.people: only wang {words}.wang.deputy",
        f"team.toml: role executive: only zhao {words}.zhao.deputy",
        f"team.toml: rota.weekend.people: only wang {words}.wang.deputy",
        f"team.toml: role legal: only zhou {words}.zhou.deputy",
        "team.toml: spokesperson_deputies: nobody stands in for the spokesperson",
    ]


def test_check_looks_four_weeks_ahead_for_one_person_on_both_duties():
    """chen takes both from 26 January: three weeks ahead on the 5th, not yet within sight on 29 December."""
    both = (rota("duty", "li", "li", "li", "chen"), rota("backup", "chen"), PLAN[2])
    said = (
        "team.toml: rota: 2026-01-26 09:00 to 2026-02-02 09:00: duty, backup are the same person (chen), "
        "so nobody else gets the second call"
    )
    assert warned(rota=both) == [said]
    assert warned(rota=both, now=MONDAY - 7 * DAY) == [
        "team.toml: rota: 2025-12-29 09:00 to 2026-01-05 09:00: duty, backup are the same person (chen), "
        "so nobody else gets the second call"
    ]
    assert warned(rota=(PLAN[0],)) == ["team.toml: rota: fewer than two rotas are called, so there is no backup"]


def test_check_names_roles_and_categories_that_lead_nowhere():
    steps = NOBODY_NEEDED.specialists[2:]
    odd = Escalation(specialists=(*steps, Specialist(role="legla", call=("li",))))
    rules = hour_with({"categories": ["food_safty", "finance"], "promise": "90m"})
    names = ", ".join(sorted(category.id for category in TAXONOMY.categories))
    assert warned(escalation=odd, first_hour=rules) == [
        f"team.toml: first_hour.profile.1.categories: the taxonomy has no food_safty; known: {names}",
        "team.toml: first_hour.profile.1.promise: is longer than first_hour.promise",
        f"team.toml: escalation.specialists: nobody answers for {', '.join(ALL_ROLES[:2])}; they are not called",
        "team.toml: escalation.specialists: the taxonomy calls for no legla",
    ]


def test_check_says_which_years_have_no_holidays_yet():
    ours = load_calendar(SHIPPED)
    words = "weekdays of that time count as ordinary ones"
    assert warned(calendar=ours) == [f"calendar.toml: holidays: none are listed for 2027; {words}"]
    # The year is that of the office: in Shanghai it has begun.
    eve = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert warned(calendar=ours, now=eve) == [f"calendar.toml: holidays: none are listed for 2027 and 2028; {words}"]
    assert warned(calendar=Calendar()) == [f"calendar.toml: holidays: none are listed for 2026 and 2027; {words}"]
