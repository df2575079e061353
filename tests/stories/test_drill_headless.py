"""A drill that plays itself: the whole pipeline in seconds, its sheet printed, nobody real reached."""

import json
import socket
from datetime import timedelta

import pytest

from alerts.channels import Reach
from alerts.channels.registry import CHANNELS
from config.clock import StepClock
from config.drill_files import FOLDER, find_scenario
from config.errors import DeliveryError, InputError
from config.load import SHIPPED
from config.settings import Mail
from config.team import Endpoint
from desk.cli import main
from desk.drill.doors import only_nowhere
from desk.drill.edge import Edge, Inbox
from desk.drill.headless import crew_team, play
from desk.drill.stage import Outside, drill_team, set_stage
from desk.drill.story import Story
from desk.stepping import forward
from store import drills, incidents, journal, texts
from store.database import Store
from store.nouns import DrillState, Level, Page, PageStatus


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    return play(find_scenario("food_safety"), tmp_path_factory.mktemp("drill"))


@pytest.fixture(scope="module")
def silent(tmp_path_factory):
    return play(find_scenario("food_safety"), tmp_path_factory.mktemp("silent"), people=False)


def by_name(sheet: dict) -> dict[str, dict]:
    return {one["name"]: one for one in sheet["objectives"]}


def test_scripted_people_play_the_whole_hour_and_the_sheet_says_how_long_each_step_took(sheet):
    found = by_name(sheet)
    for name in ("ack", "triage", "draft", "release", "wording", "facts", "promises", "log", "first-video:ack"):
        assert found[name]["reached"], (name, found[name], sheet["refused"])
    assert found["ack"]["measured"] <= 5
    assert found["release"]["measured"] <= 60
    assert all(one[lang]["suggestion"] for one in sheet["objectives"] for lang in ("zh", "en"))
    assert sheet["not_let_out"] == []
    assert sheet["pages"] > 0


def test_the_branches_follow_what_the_team_did(sheet, silent):
    told = {one["id"] for one in sheet["injects"]}
    assert "some-praise" in told
    assert "hot-list" not in told, "a statement was out by minute 60"
    told = {one["id"] for one in silent["injects"]}
    assert "hot-list" in told
    assert "some-praise" not in told


def test_a_silent_team_is_told_so(silent):
    found = by_name(silent)
    assert found["ack"]["measured"] is None
    assert found["ack"]["zh"]["measured"] == "未发生"
    assert silent["score"] < 50
    assert silent["weakest"]


@pytest.mark.parametrize("name", ["spokesperson_unreachable", "wrong_statement"])
def test_difficult_ones_can_be_played(name, tmp_path):
    found = by_name(play(find_scenario(name), tmp_path))
    assert found["release"]["reached"]
    if name == "wrong_statement":
        assert found["it-is-wrong:correct"]["reached"]
    else:
        assert found["out-of-office:release"]["reached"], "the deputy posted"


def test_the_command_prints_the_sheet_and_its_exit_code_is_the_finding(capsys):
    code = main(["drill", "food_safety", "--headless", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["drill"] is True
    assert code == (0 if all(one["reached"] for one in told["objectives"]) else 1)
    assert main(["drill", "food_safety", "--headless", "--no-people", "--lang", "en"]) == 1
    text = capsys.readouterr().out
    assert text.startswith("# [DRILL]")
    assert "never" in text


def test_a_sheet_is_kept_for_the_trend_when_asked(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GOLDENHOUR_ROOT", str(tmp_path))
    monkeypatch.setenv("GOLDENHOUR_CONFIG", str(SHIPPED))
    main(["drill", "service_outage", "--headless", "--json", "--no-people", "--keep"])
    told = json.loads(capsys.readouterr().out)
    kept = Store("sqlite:///data/goldenhour.db", tmp_path)
    with kept.reading() as tx:
        (one,) = drills.listed(tx)
    kept.close()
    assert (one.number, one.started_by, one.state) == (1, "scripted", DrillState.ENDED)
    assert one.score == told["score"]
    assert one.sheet == told


def test_bad_input_is_said_in_one_line_a_fault(capsys, tmp_path):
    assert main(["drill", "flood", "--headless"]) == 2
    assert "allowed: data_breach" in capsys.readouterr().err
    assert main(["drill", "food_safety", "--speed", "11"]) == 2
    assert "1 to 10" in capsys.readouterr().err
    assert main(["drill"]) == 2
    text = (FOLDER / "rumour.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("at = 10\n", "at = ten\n"), encoding="utf-8")
    assert main(["drill", "--check", str(tmp_path / "mine.toml")]) == 2
    assert "mine.toml: is not TOML" in capsys.readouterr().err
    assert main(["drill", "--check", str(FOLDER / "rumour.toml")]) == 0
    assert main(["drill", "--list", "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 11
    assert json.loads(lines[-1])["weak_points"]


@pytest.fixture
def stage(tmp_path):
    scenario = find_scenario("food_safety")
    made = set_stage(scenario, tmp_path, StepClock(scenario.meta.begins), Outside(crew_team(), "http://127.0.0.1:1"))
    yield made
    made.close()


def test_everything_a_drill_says_carries_the_mark(stage):
    Story(stage).tell(stage.scenario.meta.begins)
    clock = stage.house.desk.clock
    forward(stage.house.desk, clock, clock() + timedelta(minutes=3))
    letters = stage.mailbox.letters()
    assert letters
    for letter in letters:
        assert letter.subject.startswith("【演练】[DRILL]")
        assert letter.body.startswith("【演练】[DRILL]")
        assert letter.body.rstrip().endswith("【演练】[DRILL]")
        assert "/drill/ack/" in letter.body or "ack" not in letter.body
    with stage.store.reading() as tx:
        (incident,) = incidents.listed(tx, open_only=True)
        assert incident.title.startswith("【演练】")
        drafts = texts.versions(tx, incident.id)
        assert drafts
        for draft in drafts:
            assert "演练" in draft.body, (draft.kind, draft.lang)
        assert journal.broken_at(tx) is None


def page(address: str, channel: str = "email", reason: str = "call") -> Page:
    return Page(
        id="1" * 32, incident="", person="li", channel=channel, address=address, reason=reason, subject="红", body="…",
        link="", level=Level.RED, idempotency="x", status=PageStatus.WAITING,
        created_at=find_scenario("food_safety").meta.begins,
    )  # fmt: skip


@pytest.mark.parametrize("channel", sorted(CHANNELS))
def test_no_channel_lets_a_drill_page_out_to_somebody_who_did_not_opt_in(channel, monkeypatch):
    def dialled(*_):
        raise AssertionError("the drill dialled out")

    monkeypatch.setattr(socket.socket, "connect", dialled)
    edge = Edge(Inbox(), StepClock(find_scenario("food_safety").meta.begins), {("email", "chen@real.example")})
    reach = Reach(Mail(host="127.0.0.1", port=1), lambda name: "secret-secret-secret")
    with pytest.raises(DeliveryError, match="did not opt in") as caught:
        edge.narrowed()[channel].send(page("li@real.example", channel), reach)
    assert caught.value.permanent
    assert edge.refused == [f"li:{channel}"]


def test_who_opted_in_gets_the_marked_page_and_not_while_a_real_crisis_is_open():
    sent, calm = [], [True]
    real = CHANNELS["email"].__class__(send=lambda one, reach: sent.append(one))
    edge = Edge(
        Inbox(), StepClock(find_scenario("food_safety").meta.begins), {("email", "li@real.example")},
        quiet=lambda: calm[0], channels={"email": real},
    )  # fmt: skip
    reach = Reach(Mail(), lambda name: "")
    edge.narrowed()["email"].send(page("li@real.example"), reach)
    (left,) = sent
    assert left.subject.startswith("【演练】[DRILL]")
    assert left.body.startswith("【演练】[DRILL]")
    calm[0] = False
    with pytest.raises(DeliveryError, match="real crisis") as caught:
        edge.narrowed()["email"].send(page("li@real.example"), reach)
    assert not caught.value.permanent
    edge.narrowed()["email"].send(page("li@real.example", reason="drill_suspended"), reach)
    assert len(sent) == 2


def test_even_an_address_written_into_the_team_does_not_reach_anybody(tmp_path):
    real = crew_team()
    team = drill_team(Outside(real, "http://127.0.0.1:1"))
    assert {one.address for person in team.person for one in person.endpoint} == {
        f"{person.id}@drill.invalid" for person in real.person
    }
    opted = drill_team(Outside(real, "http://127.0.0.1:1", opted_in=("li:email",)))
    found = [one.address for person in opted.person for one in person.endpoint if not one.address.endswith(".invalid")]
    assert found == [Endpoint(channel="email", address="li@xinghe.example").address]


def test_posting_is_simulated_and_no_real_address_is_taken():
    assert only_nowhere("https://weibo.invalid/1/2")
    for url in (
        "https://weibo.com/1",
        "https://drill.invalid.evil.com/",
        "javascript:1",
        "https://drill.invalid@a.cn/",
    ):
        with pytest.raises(InputError, match="nothing is posted"):
            only_nowhere(url)
