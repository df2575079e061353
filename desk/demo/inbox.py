"""The demo's inbox: every mail and chat message the team received, as a screen."""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from desk.demo.mailbox import Mailbox
from desk.demo.platforms import Platforms
from desk.screens.door import Ask, door
from desk.screens.frame import show

NAV = (("/demo/inbox", "收件箱", "Inbox"),)
SHOWN = 60


def inbox_routes(mailbox: Mailbox, platforms: Platforms) -> Sequence[Route]:
    """The one address of the inbox."""

    def show_inbox(ask: Ask) -> Response:
        chat = platforms.chat()[-SHOWN:][::-1]
        return show(ask, "inbox.html", letters=mailbox.letters()[-SHOWN:][::-1], chat=chat)

    return [Route("/demo/inbox", door(show_inbox), methods=["GET"])]
