"""SMS by Aliyun: only its own OK is a yes; the documented signature; variables are short and lead nowhere."""

import logging
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels import aliyun_sms as channel
from alerts.channels.aliyun_sms import SECRET, authorization, canonical, dialled, nonce, send, variables
from config.errors import DeliveryError, SettingsError
from config.gateways import Aliyun, Gateways
from config.settings import Mail
from tests.alerts.crew import page
from tests.alerts.receiver import Receiver
from tests.worlds.gateways.aliyun import BIZ, HTML, KEY_ID, SIGN, TEMPLATE, AliyunSms, no
from tests.worlds.gateways.aliyun import SECRET as KEY
from tests.worlds.gateways.dingtalk import HOSTILE

NUMBER = "13800000000"
FOREVER = (
    "SignatureDoesNotMatch", "IncompleteSignature", "InvalidAccessKeyId", "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId.Inactive", "Forbidden.RAM", "NoPermission", "isp.RAM_PERMISSION_DENY",
    "isv.RAM_PERMISSION_DENY", "isv.ACCOUNT_ABNORMAL", "isv.ACCOUNT_NOT_EXISTS", "isv.AMOUNT_NOT_ENOUGH",
    "isv.BLACK_KEY_CONTROL_LIMIT", "isv.DENY_IP_RANGE", "isv.INVALID_JSON_PARAM", "isv.INVALID_PARAMETERS",
    "isv.MOBILE_NUMBER_ILLEGAL", "isv.OUT_OF_SERVICE", "isv.PARAM_LENGTH_LIMIT", "isv.PARAM_NOT_SUPPORT_URL",
    "isv.PRODUCT_UNSUBSCRIBE", "isv.PRODUCT_UN_SUBSCRIPT", "isv.SMS_CONTENT_ILLEGAL", "isv.SMS_SIGNATURE_ILLEGAL",
    "isv.SMS_SIGN_ILLEGAL", "isv.SMS_TEMPLATE_ILLEGAL", "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL",
)  # fmt: skip
PASSING = (
    "isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL", "isp.SYSTEM_ERROR",
    "isp.GATEWAY_ERROR", "InternalError", "ServiceUnavailable", "InvalidTimeStamp.Expired", "SignatureNonceUsed",
)  # fmt: skip
UNLISTED = {
    "Throttling": False, "Throttling.User": False, "Throttling.Api": False, "isp.SOMETHING_NEW": False,
    "SomethingNew": False, "isv.SOMETHING_NEW": True,
}  # fmt: skip


def reach(aliyun: Receiver, clock, key: str = KEY, **changes) -> Reach:
    base = aliyun.url.removesuffix("/chat")
    account = Aliyun(**{"key_id": KEY_ID, "sign_name": SIGN, "template": TEMPLATE, "base_url": base} | changes)
    return Reach(Mail(), {SECRET: key, "WHO": NUMBER}.get, gateways=Gateways(aliyun=account), clock=clock)


def note(address: str = NUMBER, **changes):
    return page(**{"channel": "aliyun_sms", "address": address, "reply": "A7K"} | changes)


def ending(aliyun: Receiver, clock, address: str = NUMBER, **how) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        send(note(address), reach(aliyun, clock, **how))
    for said in (str(caught.value), repr(caught.value.__cause__)):
        assert KEY not in said
        assert KEY_ID not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_a_page_is_one_template_with_three_variables(clock):
    with AliyunSms(clock) as aliyun:
        found = send(note(), reach(aliyun, clock))
    assert found == Receipt("OK", f"accepted by Aliyun, BizId {BIZ}")
    said = {"title": "红 星禾茶饮：食品安全", "left": "剩40分", "code": "A7K"}
    to = {"PhoneNumbers": NUMBER, "SignName": SIGN, "TemplateCode": TEMPLATE, "OutId": note().id}
    assert aliyun.shown == [{**to, "TemplateParam": said}]
    assert (aliyun.came[0].body, aliyun.came[0].path[:2]) == (b"", "/?")


def test_the_signature_is_the_documented_one():
    query = {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    headers = {
        "x-acs-version": "2014-05-26",
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    }
    assert authorization(headers, canonical(query), "YourAccessKeyId", "YourAccessKeySecret") == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


@given(st.dictionaries(st.text(), st.text()))
def test_every_byte_that_could_be_read_two_ways_is_encoded(parameters):
    parameters = {name.encode("utf-8", "ignore").decode(): "a b*~/+&=" for name in parameters}
    found = canonical(parameters).split("&") if parameters else []
    assert found == [f"{quote(name, safe='')}=a%20b%2A~%2F%2B%26%3D" for name in sorted(parameters)]


@pytest.mark.parametrize("code", [*FOREVER, *PASSING, *UNLISTED])
def test_every_code_of_aliyun_says_whether_another_try_can_help(clock, code):
    with AliyunSms(clock) as aliyun:
        aliyun.refuse(code)
        permanent = code in FOREVER or UNLISTED.get(code, False)
        assert ending(aliyun, clock) == (code, permanent, code == "SignatureNonceUsed")


def test_these_are_all_codes_there_are():
    assert (sorted(channel.REFUSED), sorted(channel.LATER)) == (sorted(FOREVER), sorted(PASSING))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (no("SomethingNew", 400), ("SomethingNew", True, False)),
        (no("SomethingNew", 503), ("SomethingNew", False, False)),
        (no("isv.SOMETHING_NEW", 503), ("isv.SOMETHING_NEW", False, False)),
        (no("Throttling.User", 429), ("Throttling.User", False, False)),
        (no("OK", 500), ("500", False, False)),
        (no("OK ", 200), ("200_no_code", False, False)),
        (no("ok", 200), ("ok", False, False)),
        (no(KEY, 200), ("200_no_code", False, False)),
        ((200, b'{"Code": true}'), ("200_no_code", False, False)),
        ((200, HTML), ("200_no_code", False, False)),
        ((403, HTML), ("403", True, False)),
        ((429, b""), ("429", False, False)),
    ],
)
def test_what_is_no_answer_of_aliyun_is_never_a_yes(clock, answer, found):
    with Receiver(answer) as anybody:
        assert ending(anybody, clock) == found


def test_the_limits_of_a_number_and_of_a_day_are_waited_for(clock):
    waits = []
    for code in PASSING[:4]:
        with Receiver(no(code)) as aliyun, pytest.raises(DeliveryError) as caught:
            send(note(), reach(aliyun, clock))
        waits.append(caught.value.wait_s)
    assert waits == [60, 3600, 3600, 0]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"key": "not " + KEY}, "SignatureDoesNotMatch"),
        ({"key_id": "LTAInobody"}, "InvalidAccessKeyId.NotFound"),
        ({"sign_name": "别人"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"template": "SMS_0"}, "isv.SMS_TEMPLATE_ILLEGAL"),
    ],
)
def test_a_wrong_key_secret_signature_or_template_is_refused_by_aliyun(clock, wrong, code):
    with AliyunSms(clock) as aliyun:
        assert ending(aliyun, clock, **wrong) == (code, True, False)
        assert aliyun.shown == []


def test_a_clock_that_is_wrong_may_be_right_soon(clock):
    with AliyunSms(clock) as aliyun:
        wrong = clock() + timedelta(minutes=16)
        assert ending(aliyun, lambda: wrong) == ("InvalidTimeStamp.Expired", False, False)


def test_every_try_has_a_nonce_of_its_own(clock):
    with AliyunSms(clock) as aliyun:
        send(note(tries=0), reach(aliyun, clock))
        send(note(tries=1), reach(aliyun, clock))
        send(note(tries=1), reach(aliyun, lambda: clock() + timedelta(microseconds=1)))
        with pytest.raises(DeliveryError) as caught:
            send(note(tries=0), reach(aliyun, clock))
    assert (len(aliyun.shown), caught.value.code, caught.value.ambiguous) == (3, "SignatureNonceUsed", True)
    assert len(nonce(note(), clock())) == 32


def test_without_a_secret_or_an_account_nothing_is_sent(clock):
    with AliyunSms(clock) as aliyun:
        with pytest.raises(SettingsError, match="GOLDENHOUR_ALIYUN_SECRET"):
            send(note(), reach(aliyun, clock, key=""))
        found = {ending(aliyun, clock, **{one: ""}) for one in ("key_id", "sign_name", "template")}
        assert found == {("no_account", True, False)}
        assert aliyun.came == []


@pytest.mark.parametrize("address", ["", "138", "13800000000,13900000000", "li@xinghe.example", "+0013800000000"])
def test_only_one_number_is_written_to(clock, address):
    with AliyunSms(clock) as aliyun:
        assert ending(aliyun, clock, address) == ("address", True, False)
        assert aliyun.came == []


def test_no_foreign_number_becomes_a_chinese_one(clock):
    assert [dialled(one) for one in ("13800000000", "+8613800000000")] == ["13800000000"] * 2
    assert [dialled(one) for one in ("+13800000000", "+85251234567")] == ["0013800000000", "0085251234567"]
    with AliyunSms(clock) as aliyun:
        send(note("secret:WHO"), reach(aliyun, clock))
        send(note("+8613900000000", tries=1), reach(aliyun, clock))
    assert [one["PhoneNumbers"] for one in aliyun.shown] == [NUMBER, "13900000000"]


def test_an_aliyun_that_is_not_there_never_got_it_one_that_hangs_up_may_have(clock):
    def hang_up():
        raise ConnectionAbortedError

    with Receiver() as rude:
        rude.before = hang_up
        assert ending(rude, clock) == ("RemoteProtocolError", False, True)
    assert ending(rude, clock) == ("connect", False, False)


@pytest.mark.parametrize(
    ("subject", "title", "left"),
    [
        (f"【红·请接手】{'星' * 30}｜6条｜剩9分", "红 " + "星" * 17 + "…", "剩9分"),
        ("【橙·首响已超时】星禾｜6条｜已超时5分", "橙·首响已超时 星禾", "已超时5分"),
        ("[RED] please take it: Xinghe Tea | 40 min left", "RED Xinghe Tea", "40 min left"),
        ("[RED] test: Xinghe | 5 min over", "RED test: Xinghe", "5 min over"),
        ("【每日自检】没有收到这条，就是呼叫坏了", "每日自检 没有收到这条，就是呼叫坏了", "-"),
        ("", "-", "-"),
        ("【】【】", "-", "-"),
    ],
)  # fmt: skip
def test_the_variables_are_taken_from_the_first_line(subject, title, left):
    assert variables(note(subject=subject)) == {"title": title, "left": left, "code": "A7K"}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("wrapped", ["{}", "【红·请接手】{}｜6条｜剩40分", '"}}\r\n{{"code":"{}"'])
def test_a_strangers_words_are_a_short_line_that_leads_nowhere(clock, text, wrapped):
    with AliyunSms(clock) as aliyun:
        send(note(subject=wrapped.replace("{}", text)), reach(aliyun, clock))
    found = aliyun.shown[0]["TemplateParam"]
    assert (found["code"], found["title"].isprintable()) == ("A7K", True)
    assert not {"【", "】"} & set(found["title"])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_variable_is_empty_or_too_long(subject):
    assert all(1 <= len(one) <= 20 for one in variables(note(subject=subject, reply="")).values())


def test_nothing_secret_is_in_a_log(clock, caplog):
    with caplog.at_level(logging.DEBUG), AliyunSms(clock) as aliyun:
        send(note(), reach(aliyun, clock))
        ending(aliyun, clock, key="not " + KEY)
    assert caplog.records
    assert KEY not in caplog.text


def test_the_channel_keeps_aliyuns_own_limits_and_takes_answers():
    rates = (Rate(1, timedelta(minutes=1)), Rate(5, timedelta(hours=1)), Rate(10, timedelta(days=1)))
    assert replace(channel.CHANNEL, send=send, rates=rates, verified=True, replies=True, settle=None) == channel.CHANNEL
