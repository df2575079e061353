"""Pages by e-mail to the real MailDev, a mail server of other people that shows what it received.

Install it anywhere outside the checkout and name the folder (node 20 or newer on PATH):

    npm install maildev@3.0.0 --ignore-scripts
    GOLDENHOUR_MAILDEV="$PWD" python -m pytest -m realpeer
"""

import html
import re

import pytest

from alerts.channels import Reach, Receipt
from alerts.channels.email import PASSWORD, send
from config.errors import DeliveryError
from config.settings import Mail
from tests.alerts.crew import page

pytestmark = pytest.mark.realpeer
ACCEPTED = Receipt("250", "accepted by the mail server")
LONG = "\n".join(["星禾茶饮喝出问题了🍵" * 20] * 15) + "\n.\n..\nFrom here\n" + "字" * 3_000


def reach(port: int, password: str = "", **changes) -> Reach:
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "gh@xinghe.example"}
    return Reach(Mail(**mail | changes), lambda name: {PASSWORD: password}[name])


def ending(reach_: Reach, **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted."""
    with pytest.raises(DeliveryError) as caught:
        send(page(**changes), reach_)
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


@pytest.mark.parametrize("less", ["", "8BITMIME,SMTPUTF8", "PIPELINING,8BITMIME,SMTPUTF8,STARTTLS"])
@pytest.mark.parametrize("body", [page().body, LONG], ids=["a page", "a long page"])
def test_a_chinese_page_arrives_intact(maildev, less, body):
    box = maildev(*(["--hide-extensions", less] if less else []))
    assert send(page(body=body), reach(box.smtp)) == ACCEPTED
    (letter,) = box.letters()
    (words,) = re.findall(r"<p>((?:(?!<p>).)*)</p></body>", letter["html"], re.DOTALL)
    assert {
        "subject": letter["subject"],
        "to": [one["address"] for one in letter["to"]],
        "from": [one["address"] for one in letter["from"]],
        "key": letter["headers"]["x-goldenhour-key"],
        "id": letter["headers"]["message-id"],
        "text": letter["text"].splitlines(),
        "html": html.unescape(re.sub(r"<(?!br)[^>]*>", "", words)).split("<br>"),
    } == {
        "subject": "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分",
        "to": ["li@xinghe.example"],
        "from": ["gh@xinghe.example"],
        "key": "c:call:1.0:li:email",
        "id": f"<{page().id}@goldenhour>",
        "text": body.splitlines(),
        "html": body.splitlines(),
    }


def test_a_wrong_password_may_be_mended_and_the_right_one_delivers(maildev):
    box = maildev("--incoming-user", "gh", "--incoming-pass", "right")
    assert ending(reach(box.smtp, "wrong", user="gh")) == ("535", False, False)
    assert box.letters() == []
    assert send(page(), reach(box.smtp, "right", user="gh")) == ACCEPTED
    assert [letter["subject"] for letter in box.letters()] == [page().subject]


def test_a_page_too_large_for_the_server_is_refused_for_good(maildev):
    box = maildev("--max-message-size", "2000")
    assert ending(reach(box.smtp), body="字" * 3_000) == ("552", True, False)
    assert (send(page(body="短"), reach(box.smtp)), len(box.letters())) == (ACCEPTED, 1)


def test_a_server_without_starttls_is_told_nothing(maildev):
    box = maildev("--hide-extensions", "STARTTLS")
    assert ending(reach(box.smtp, security="starttls")) == ("not_supported", True, False)
    assert box.letters() == []
