"""Charts and small renderers: from zero, honest about gaps, and inert whatever they are given."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from desk.chart import Labels, Mark, Volume, sparkline, usual_of, volume_chart
from desk.screens.door import local_path
from desk.screens.markdown import to_html
from desk.screens.origin import cards, weighted
from desk.screens.quoting import Piece, pieces, safe_url
from desk.screens.times import Times, clock_face
from desk.trial_chart import Pages, Words, trial_chart
from monitor.replaying import Hour
from store.nouns import Bucket, Judged, Mention, Score, Span

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_highest_bar_reaches_the_rounded_top_and_the_axis_starts_at_zero():
    volume = Volume((Bucket(NOON, 10, 5, 1),), NOON, NOON + HOUR, timedelta(minutes=5), 2.0, [Mark(NOON, "首发 12:00")])
    svg = str(volume_chart(volume, Labels("标题", "平时约 2.0", "12:00", "13:00")))
    assert '<rect class="bar" x="26.5" y="34.0" width="26.5" height="122.0"/>' in svg
    assert '<rect class="bar-dark" x="26.5" y="95.0" width="26.5" height="61.0"/>' in svg
    assert ">10</text>" in svg
    assert ">0</text>" in svg
    assert "首发 12:00" in svg


def test_words_in_a_chart_are_escaped():
    volume = Volume((), NOON, NOON + HOUR, timedelta(minutes=5), None, [Mark(NOON, "<b>x")])
    svg = str(volume_chart(volume, Labels("<script>", "", "<i>", "")))
    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "<i>" not in svg


def test_usual_is_the_mean_of_the_same_hours_and_unknown_under_two_days():
    hours = [NOON]
    buckets = [Bucket(NOON - DAY * n, n * 10, 0, 0) for n in (1, 2, 3)]
    assert usual_of(buckets, hours, NOON - 4 * DAY + HOUR) == [20.0]
    assert usual_of(buckets, hours, NOON - 2 * DAY + HOUR) is None
    assert usual_of(buckets, hours, None) is None


def test_a_sparkline_without_mentions_draws_only_its_floor():
    svg = str(sparkline((), [NOON], None, "空"))
    assert "<rect" not in svg
    assert "polyline" not in svg
    assert '<path class="axis"' in svg


def judged(title, text, *spans):
    mention = Mention("m", "s", "weibo", "1", "", title, text, "", None, None, True, NOON, NOON)
    found = tuple(Span(start, end, term, "food_safety", 1.0) for start, end, term in spans)
    return Judged(mention, "b", Score(0.9, 0.9, True, True, spans=found))


def test_terms_are_marked_where_they_stand_counted_from_the_title():
    one = judged("避雷", "两个住院了", (5, 7, "住院"))
    assert pieces(one) == (Piece("避雷\n两个", ""), Piece("住院", "住院"), Piece("了", ""))


def test_without_a_title_the_line_break_is_not_shown():
    one = judged("", "住院了", (1, 3, "住院"))
    assert pieces(one) == (Piece("住院", "住院"), Piece("了", ""))


def test_overlapping_terms_and_long_texts():
    one = judged("", "上吐下泻" + "呀" * 300, (1, 5, "上吐下泻"), (3, 5, "下泻"))
    found = pieces(one, 10)
    assert found == (Piece("上吐下泻", "上吐下泻"), Piece("呀" * 6 + "…", ""))


def test_addresses_a_browser_may_follow():
    assert safe_url("https://weibo.example/p/1") == "https://weibo.example/p/1"
    assert [safe_url(one) for one in ("javascript:alert(1)", "data:text/html,x", "//x.example", "http://[", "")] == [
        ""
    ] * 5


def test_local_paths():
    assert local_path("/mentions?q=茶&brand=") == "/mentions?q=%E8%8C%B6&brand="
    assert [local_path(one) for one in ("", "x", "//e.example", "/\\e.example", "http://e.example", "/\t/e")] == [
        "/"
    ] * 6


def test_markdown_becomes_safe_html():
    html = str(to_html("# 复盘\n\n- **发现** <script>\n- 二\n\n| a | b |\n|---|---|\n| 1 | <b> |\n\n[x](javascript:1)"))
    assert html == (
        "<h2>复盘</h2>\n<ul><li><strong>发现</strong> &lt;script&gt;</li><li>二</li></ul>\n"
        '<div class="wide" tabindex="0"><table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
        "<tbody><tr><td>1</td><td>&lt;b&gt;</td></tr></tbody></table></div>\n<p>[x](javascript:1)</p>"
    )


def test_a_sheet_becomes_cards():
    one = "Q1 [READY] 有人受伤吗？\n答：没有。\n不可说：猜测　依据：F1"
    (first, second) = cards(f"问答口径\n\n{one}\n\nQ2 [REFER] 赔吗？\n答：联系客服。\n\n电话 400")
    assert (first.id, first.status, first.question, first.answer, first.avoid) == (
        "Q1", "READY", "有人受伤吗？", ("答：没有。",), "猜测　依据：F1",
    )  # fmt: skip
    assert (second.answer, second.avoid) == (("答：联系客服。",), "")


def test_lengths_and_times():
    assert (weighted("abc"), weighted("星禾"), weighted("“a”")) == (3, 4, 3)
    assert [clock_face(timedelta(seconds=s)) for s in (65, -65, 3723)] == ["01:05", "01:05", "1:02:03"]


def test_times_are_absolute_with_the_distance_beside():
    zh, en = (Times(ZoneInfo("Asia/Shanghai"), NOON, lang) for lang in ("zh", "en"))
    assert (zh.at(NOON), zh.ago(NOON - timedelta(minutes=3)), zh.ago(NOON + HOUR)) == (
        "3月12日 12:00",
        "3 分钟前",
        "1 小时后",
    )
    assert (en.at(NOON - 300 * DAY), en.ago(NOON), en.zone_name()) == ("16 May 2025 12:00", "just now", "Beijing time")
    assert zh.hour(NOON - DAY) == "3月11日 12:00"


def test_the_trial_chart_shows_expected_volume_and_the_pages_of_both_and_escapes_its_words():
    hours = [Hour(NOON + n * HOUR, 10 * n, 5.0) for n in range(4)]
    words = Words("<script>", ("<b>现在", "改后"), "<i>", "12")
    svg = str(trial_chart(hours, NOON, NOON + 4 * HOUR, Pages([NOON + HOUR], [NOON + HOUR, NOON + 3 * HOUR]), words))
    assert svg.count('class="page-mark"') == 3
    assert svg.count('class="bar"') == 4
    assert 'class="expected" points="' in svg
    assert not any(tag in svg for tag in ("<script>", "<b>", "<i>"))
    empty = str(trial_chart([], NOON, NOON, Pages([], None), words))
    assert empty.endswith("</svg>")
