"""Who is on duty, who can be reached: the rota as it is, swaps and absences, holes, and addresses that are proved."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.gateways import ADDRESSES
from config.team import ROLES, Endpoint, Rota
from desk.screens.endpoint_proof import masked
from desk.web import build_app
from desk.words import WORDS
from store import endpoints, journal, pages, spells
from store.endpoints import key_of
from store.nouns import Level, PageStatus, Spell, Window
from tests.desk.house import MINUTE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOOK = "https://open.feishu.example/hook/9f1c-secret-path"
# On Thursday 12 March 2026, 14:00 in Shanghai: chen's week of duty ends on Monday at nine.
ROTAS = (
    Rota(duty="duty", people=("li", "chen"), first_day=date(2026, 1, 5)),
    Rota(duty="backup", people=("chen", "li"), first_day=date(2026, 1, 5)),
    Rota(duty="lead", people=("wang",)),
)


def with_rota(house, rotas=ROTAS, rules=None, **people):
    """The house with a rota; `people`: fields of persons to change by id, `rules`: other fields of the team."""
    team = house.room.settings.team
    known = tuple(one.model_copy(update=people.get(one.id, {})) for one in team.person)
    settings = house.room.settings.model_copy(
        update={"team": team.model_copy(update={"rota": rotas, "person": known, **(rules or {})})}
    )
    house.room = replace(house.room, settings=settings)
    house.app = build_app(house.room)
    return house


@pytest.fixture
def crewed(house):
    ways = (Endpoint(channel="email", address="li@xinghe.example"), Endpoint(channel="feishu", address=HOOK))
    secret = (Endpoint(channel="feishu", address="secret:CHEN_ROOM"),)
    return with_rota(house, li={"endpoint": ways, "deputy": "zhou"}, chen={"endpoint": secret})


def kept(house):
    with house.store.reading() as tx:
        span = house.clock() - 30 * DAY, house.clock() + 400 * DAY
        return [one for kind in (Window.OVERRIDE, Window.ABSENCE) for one in spells.between(tx, kind, *span)]


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def part(html, since, until="</section>"):
    """What people read between two marks."""
    begin = html.index(since)
    return words(html[begin : html.index(until, begin)])


def now_of(browser):
    """Duty → who has it, as the screen says it now."""
    html = browser.get("/people").text
    now = html[html.index('<div class="posts">') :]
    return dict(re.findall(r'<h3>([^<]+)</h3>\s*<p class="figure">([^<]+)</p>', now))


def test_everybody_sees_who_has_it_until_when_and_the_next_two_weeks(crewed):
    kan = crewed.signed_in("kan")
    assert now_of(kan) == {"值班": "陈备班", "备班": "李值班", "负责人": "王总监"}
    html = kan.get("/people").text
    now = part(html, ">现在</h2>")
    assert "3月16日 09:00 交给 李值班 3 天后" in now
    assert "14 天内不交接" in now
    ahead = part(html, "接下来 14 天</h2>")
    assert "陈备班 现在 – 3月16日 09:00 李值班 3月16日 09:00 – 3月23日 09:00 陈备班 3月23日 09:00 – 14 天后" in ahead
    assert "排班有漏洞" not in html
    assert "按排班表轮流" in html


def swap(**changes):
    return {"duty": "duty", "person": "li", "since": "", "until": "2026-03-12T20:00", "reason": "临时换班"} | changes


def test_a_swap_counts_at_once_is_told_with_its_reason_and_ends_by_its_button(crewed):
    li, now = crewed.signed_in("li"), crewed.clock()
    answer = li.post("/people/overrides", on="/people", **swap())
    assert (answer.status_code, answer.headers["location"]) == (303, "/people?done=override")
    (made,) = kept(crewed)
    assert made == Spell(made.id, Window.OVERRIDE, now, now + 6 * HOUR, "li", "临时换班", now, duty="duty", person="li")
    html = li.get("/people?done=override").text
    assert now_of(li)["值班"] == "李值班"
    assert "替 陈备班 · 临时换班 李值班 登记" in part(html, ">现在</h2>")
    assert "3月12日 20:00 交给 陈备班 6 小时后" in part(html, ">现在</h2>")
    assert "李值班 替班：值班 3月12日 14:00 – 3月12日 20:00" in part(html, "替班与请假</h2>")
    # Now li is first and second: somebody must see it.
    assert "值班、备班是同一个人（李值班）" in part(html, "排班有漏洞</h2>")
    ended = li.post(f"/spells/{made.id}/end", on="/people")
    assert ended.headers["location"] == "/people?done=ended"
    assert now_of(li)["值班"] == "陈备班"
    assert "排班有漏洞" not in li.get("/people").text
    with crewed.store.reading() as tx:
        told = [(one.who, one.what) for one in journal.entries(tx, f"spell:{made.id}")]
    assert told == [("li", "override_set"), ("li", "spell_ended")]


def test_an_absence_calls_the_deputy_and_everybody_sees_who_is_away(crewed):
    li = crewed.signed_in("li")
    away = {"person": "li", "since": "2026-03-16T00:00", "until": "2026-03-18T00:00", "reason": "休假"}
    assert li.post("/people/absences", on="/people", **away).status_code == 303
    html = li.get("/people").text
    ahead = part(html, "接下来 14 天</h2>")
    assert "周法务 3月16日 09:00 – 3月18日 00:00 李值班 请假，副手顶替" in ahead
    assert "李值班 请假" in part(html, "替班与请假</h2>")
    assert "请假至" not in html
    crewed.clock.forward(crewed.clock() + 4 * DAY)
    again = crewed.signed_in("chen")
    assert now_of(again)["值班"] == "周法务"
    assert "请假至 3月18日 00:00" in again.get("/people").text


def test_a_duty_that_only_people_away_could_take_is_told_first(crewed):
    wang = crewed.signed_in("wang")
    away = {"person": "wang", "since": "2026-03-14T08:00", "until": "2026-03-15T08:00", "reason": "出差"}
    wang.post("/people/absences", on="/people", **away)
    html = wang.get("/people").text
    hole = "3月14日 08:00 至 3月15日 08:00：负责人应由王总监负责，但能叫的人都请假。"
    assert hole in part(html, "排班有漏洞</h2>")
    assert html.index("排班有漏洞") < html.index(">现在</h2>")


def test_a_house_without_a_rota_says_what_to_write(house):
    html = house.signed_in("li").get("/people").text
    assert "还没有排班" in html
    assert "登记替班" not in html
    assert "值班没有任何人：升级走到这一步会立即跳过。" in part(html, "排班有漏洞</h2>")


@pytest.mark.parametrize(
    ("person", "changes", "status"),
    [
        ("li", {}, 303),
        ("chen", {"person": "chen"}, 303),
        ("wang", {"person": "wang"}, 303),
        ("ops", {"person": "zhou"}, 303),
        ("wang", {"person": "zhou"}, 303),
        ("li", {"person": "chen"}, 403),
        ("kan", {"person": "kan"}, 403),
        ("zhao", {"person": "zhao"}, 403),
        ("wang", {"person": "nobody"}, 400),
        ("wang", {"duty": "responder"}, 400),
        ("li", {"until": ""}, 400),
        ("li", {"until": "2026-03-12T13:00"}, 400),
        ("li", {"since": "2026-03-12T14:00", "until": "2026-03-26T14:01"}, 400),
        ("li", {"reason": ""}, 400),
    ],
)
def test_who_may_put_whom_on_duty(crewed, person, changes, status):
    answer = crewed.signed_in(person).post("/people/overrides", on="/people", **swap(**changes))
    assert (answer.status_code, len(kept(crewed))) == (status, 1 if status == 303 else 0)


@pytest.mark.parametrize(
    ("person", "away", "status"),
    [("kan", "kan", 303), ("wang", "li", 303), ("ops", "li", 303), ("li", "chen", 403), ("wang", "nobody", 400)],
)
def test_who_may_say_that_somebody_is_away(crewed, person, away, status):
    fields = {"person": away, "since": "", "until": "2026-03-14T00:00", "reason": "休假"}
    answer = crewed.signed_in(person).post("/people/absences", on="/people", **fields)
    assert (answer.status_code, len(kept(crewed))) == (status, 1 if status == 303 else 0)


def test_the_forms_offer_what_one_may_do(crewed):
    def offered(person, form):
        html = crewed.signed_in(person).get("/people").text
        found = re.search(rf'action="/people/{form}".*?<select name="person">(.*?)</select>', html, re.DOTALL)
        return re.findall(r'value="(\w+)"', found[1]) if found else None

    everybody = ["li", "chen", "wang", "zhao", "zhou", "kan", "ops"]
    assert offered("li", "overrides") == ["li"]
    assert offered("kan", "overrides") is None
    assert sorted(offered("wang", "overrides")) == sorted(everybody)
    assert offered("kan", "absences") == ["kan"]
    assert offered("ops", "absences")[0] == "ops"
    assert sorted(offered("ops", "absences")) == sorted(everybody)


def test_addresses_are_masked_and_say_how_they_do(crewed):
    now = crewed.clock()
    with crewed.store.transaction() as tx:
        for channel, address in (("email", "li@xinghe.example"), ("feishu", HOOK), ("feishu", "secret:CHEN_ROOM")):
            endpoints.lock(tx, channel, address)
        endpoints.note_accepted(tx, "email", "li@xinghe.example", now - 12 * MINUTE, "250")
        for n in range(3):
            endpoints.note_failure(tx, "feishu", HOOK, now - HOUR + n * MINUTE, "19001")
        endpoints.note_failure(tx, "feishu", "secret:CHEN_ROOM", now - 5 * MINUTE, "timeout")
        endpoints.bury(tx, key_of("feishu", HOOK), now - 57 * MINUTE)
    html = crewed.signed_in("ops").get("/people").text
    li = part(html, 'id="who-li"', "</article>")
    assert "值班 · 起草" not in li
    assert "值班组 · 起草 · 副手 周法务" in li
    assert "当前备班" in li
    assert "邮件 l…@xinghe.example 12 分钟前收到过 · 未验证" in li
    assert "飞书 open.feishu.example 已失效，3月12日 13:03 起不再指望（连续 3 次） · 未验证" in li
    chen = part(html, 'id="who-chen"', "</article>")
    assert "飞书 CHEN_ROOM 3月12日 13:55 起送不到（连续 1 次）" in chen
    assert "邮件 w…@xinghe.example 还没有发过" in part(html, 'id="who-wang"', "</article>")
    assert "secret-path" not in html
    assert "secret:" not in html


def test_whoever_has_the_duty_and_no_address_that_works_is_told_first(crewed):
    with crewed.store.transaction() as tx:
        endpoints.note_failure(tx, "feishu", "secret:CHEN_ROOM", crewed.clock(), "19001")
        endpoints.bury(tx, key_of("feishu", "secret:CHEN_ROOM"), crewed.clock())
    holes = part(crewed.signed_in("li").get("/people").text, "排班有漏洞</h2>")
    assert "值班 陈备班 没有可用的联系方式" in holes
    assert "王总监" not in holes


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("email", "li@xinghe.example", "l…@xinghe.example"),
        ("webhook", "https://user:pass@chat.example:8443/hook/KEY?token=T", "chat.example:8443"),
        ("feishu", "secret:LI_ROOM", "LI_ROOM"),
        ("ntfy", "https://ntfy.example/topic-nobody-guesses", "ntfy.example"),
        ("apprise", "tgram://123456:TOKEN/42", "tgram://…"),
        ("apprise", "discord://WEBHOOK/KEY", "discord://…"),
        ("pagerduty", "0123456789abcdef0123456789abcdef", "…cdef"),
        ("twilio_sms", "+8613800005678", "…5678"),
        ("telegram", "-1001234", "…1234"),
        ("wecom_app", "LiMing", "…g"),
    ],
)
def test_how_an_address_is_masked(channel, address, shown):
    assert masked(channel, address) == shown


def test_every_channel_and_role_has_a_name():
    asked = {f"people_channel_{one}" for one in ADDRESSES} | {f"people_duty_{one}" for one in ROLES}
    assert asked - set(WORDS) == set()


def sent(house):
    """Proof pages, the newest first, as (person, address, code)."""
    with house.store.reading() as tx:
        found = [one for one in pages.newest(tx) if one.reason == "proof"]
    return [(one.person, one.address, re.search(r"\b\d{6}\b", one.body)[0]) for one in found]


def arrives(house, channel="email", address="li@xinghe.example"):
    with house.store.transaction() as tx:
        endpoints.note_accepted(tx, channel, address, house.clock(), "250")


WAY = {"way": key_of("email", "li@xinghe.example")}


def state(house, channel="email", address="li@xinghe.example"):
    with house.store.reading() as tx:
        return endpoints.get(tx, channel, address)


def test_a_code_goes_to_exactly_that_address_and_proves_it(crewed):
    li = crewed.signed_in("li")
    answer = li.post("/people/li/prove", on="/people", **WAY)
    assert (answer.status_code, answer.headers["location"]) == (303, "/people?done=code_sent#who-li")
    ((person, address, code),) = sent(crewed)
    assert (person, address) == ("li", "li@xinghe.example")
    with crewed.store.reading() as tx:
        (page,) = (one for one in pages.newest(tx) if one.reason == "proof")
    assert (page.status, page.level, page.incident, page.link) == (PageStatus.WAITING, Level.BLUE, "", "")
    assert f"验证码：{code}，15 分钟内有效" in page.body
    assert code not in str(state(crewed))
    assert "发到 l…@xinghe.example 的验证码" in li.get("/people").text
    arrives(crewed)
    crewed.clock.forward(crewed.clock() + 14 * MINUTE)
    right = li.post("/people/li/proved", on="/people", **WAY, code=f" {code[:3]} {code[3:]} ")
    assert right.headers["location"] == "/people?done=verified#who-li"
    assert (state(crewed).verified_at, state(crewed).code_hash) == (crewed.clock(), "")
    assert "已验证 3月12日 14:14" in li.get("/people").text
    with crewed.store.reading() as tx:
        told = [(one.who, one.what, one.detail) for one in journal.entries(tx, f"endpoint:{WAY['way']}")]
    assert told == [("li", "proof_sent", {"person": "li"}), ("li", "endpoint_verified", {"person": "li"})]
    # Used once: it proves nothing again.
    assert li.post("/people/li/proved", on="/people", **WAY, code=code).status_code == 400


def test_a_wrong_code_proves_nothing_and_five_of_them_close_the_door(crewed):
    li = crewed.signed_in("li")
    li.post("/people/li/prove", on="/people", **WAY)
    arrives(crewed)
    ((_, _, code),) = sent(crewed)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        refused = li.post("/people/li/proved", on="/people", **WAY, code=wrong)
        assert refused.status_code == 400
    assert li.post("/people/li/proved", on="/people", **WAY, code=code).status_code == 400
    assert state(crewed).verified_at is None
    # A new code does not open it, the time does.
    crewed.clock.forward(crewed.clock() + 2 * MINUTE)
    li.post("/people/li/prove", on="/people", **WAY)
    arrives(crewed)
    assert li.post("/people/li/proved", on="/people", **WAY, code=sent(crewed)[0][2]).status_code == 400
    crewed.clock.forward(crewed.clock() + 13 * MINUTE)
    assert li.post("/people/li/proved", on="/people", **WAY, code=sent(crewed)[0][2]).status_code == 303
    assert state(crewed).verified_at == crewed.clock()


def test_a_few_wrong_tries_are_forgiven(crewed):
    li = crewed.signed_in("li")
    li.post("/people/li/prove", on="/people", **WAY)
    arrives(crewed)
    for wrong in ("", "12345", "１２３４５６", "abcdef"):
        assert li.post("/people/li/proved", on="/people", **WAY, code=wrong).status_code == 400
    assert li.post("/people/li/proved", on="/people", **WAY, code=sent(crewed)[0][2]).status_code == 303


def test_an_old_code_proves_nothing(crewed):
    li = crewed.signed_in("li")
    li.post("/people/li/prove", on="/people", **WAY)
    arrives(crewed)
    crewed.clock.forward(crewed.clock() + 15 * MINUTE)
    assert li.post("/people/li/proved", on="/people", **WAY, code=sent(crewed)[0][2]).status_code == 400
    assert state(crewed).verified_at is None


def test_a_code_that_was_read_elsewhere_does_not_prove_the_address(crewed):
    """A late or refused page may travel another road; then the address itself took nothing."""
    li = crewed.signed_in("li")
    arrives(crewed)
    crewed.clock.forward(crewed.clock() + MINUTE)
    li.post("/people/li/prove", on="/people", **WAY)
    code = sent(crewed)[0][2]
    assert li.post("/people/li/proved", on="/people", **WAY, code=code).status_code == 400
    assert state(crewed).verified_at is None
    arrives(crewed)
    assert li.post("/people/li/proved", on="/people", **WAY, code=code).status_code == 303


def test_nobody_fills_a_mailbox_with_codes(crewed):
    li = crewed.signed_in("li")
    li.post("/people/li/prove", on="/people", **WAY)
    assert li.post("/people/li/prove", on="/people", **WAY).status_code == 409
    assert len(sent(crewed)) == 1
    crewed.clock.forward(crewed.clock() + MINUTE)
    assert li.post("/people/li/prove", on="/people", **WAY).status_code == 303
    first, second = (code for _, _, code in sent(crewed))
    arrives(crewed)
    old = li.post("/people/li/proved", on="/people", **WAY, code=second)
    assert old.status_code == (400 if first != second else 303)


@pytest.mark.parametrize(
    ("person", "status"), [("li", 303), ("wang", 303), ("ops", 303), ("chen", 403), ("kan", 403), ("zhao", 403)]
)
@pytest.mark.parametrize("verb", ["prove", "proved"])
def test_who_may_prove_an_address(crewed, person, status, verb):
    if verb == "proved":
        crewed.signed_in("li").post("/people/li/prove", on="/people", **WAY)
        arrives(crewed)
    code = sent(crewed)[0][2] if verb == "proved" else ""
    answer = crewed.signed_in(person).post(f"/people/li/{verb}", on="/people", **WAY, code=code)
    assert answer.status_code == status
    assert (state(crewed) is not None and state(crewed).verified_at is not None) == (verb == "proved" and status == 303)


def test_only_ones_own_addresses_are_proved(crewed):
    li = crewed.signed_in("li")
    other = {"way": key_of("email", "wang@xinghe.example")}
    assert li.post("/people/li/prove", on="/people", **other).status_code == 400
    assert li.post("/people/nobody/prove", on="/people", **WAY).status_code == 404
    assert sent(crewed) == []


POISON = "<script>alert(1)</script>\"' onmouseover=alert(3) {{ 7*7 }}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_people_write_is_inert(crewed, lang):
    wang = crewed.signed_in("wang")
    wang.post("/people/overrides", on="/people", **swap(reason=POISON))
    away = {"person": "kan", "since": "", "until": "2026-03-14T00:00", "reason": POISON}
    wang.post("/people/absences", on="/people", **away)
    wang.http.cookies.set("lang", lang)
    html = wang.get("/people").text
    assert len(kept(crewed)) == 2
    # In the duty's card, in the list of turns, among the changes (twice) and at the person who is away.
    assert html.count("alert(1)") == 5
    assert "<script>alert" not in html
    assert '" onmouseover' not in html
    assert " 49 " not in html
    assert wang.http.post("/people/overrides", data=swap()).status_code == 403
    assert len(kept(crewed)) == 2


def test_the_english_screen_is_english(crewed):
    ops = crewed.signed_in("ops")
    ops.post("/people/overrides", on="/people", **swap(person="zhou", reason="swap"))
    ops.http.cookies.set("lang", "en")
    left = set(re.findall(r"[一-鿿]+", words(ops.get("/people").text))) - {"中文", "星禾茶饮"}
    assert left == {one.name for one in crewed.room.settings.team.person}
