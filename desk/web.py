"""The web application: every address of the house, its headers, and what a named failure looks like."""

import socket
from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.errors import InputError, StoreError
from desk.drill.gate import Gate
from desk.drill.hall import Hall
from desk.drill.watermark import PATH
from desk.room import Room
from desk.screens import (
    ack,
    answer_editor,
    answer_library,
    answering,
    answers,
    answers_print,
    api,
    approvals,
    approving,
    brand_editor,
    brand_list,
    claims,
    corrective_actions,
    coverage,
    deliveries,
    drill_room,
    drills,
    editor,
    endpoint_proof,
    fact_log,
    health,
    inbound,
    incident,
    incident_actions,
    incident_list,
    inquiries,
    legal_clocks,
    mention,
    mention_acts,
    mention_list,
    metrics,
    noise,
    now,
    people_list,
    policy,
    preferences,
    promises,
    publication,
    report_pack,
    review_sheet,
    sign,
    silences,
    source_list,
    source_new,
    source_view,
    taxonomy,
    templates,
    text_list,
    thresholds,
    timeline,
    triage,
    trouble,
    variants,
)
from desk.screens.door import LONGEST_FORM, LONGEST_LISTS, LONGEST_UPLOAD, Handler, door
from desk.screens.frame import NavExtra

STATIC = Path(__file__).parent / "static"
POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LONGEST = dict.fromkeys(("/taxonomy", "/brands/{brand}"), LONGEST_LISTS)
LONGEST |= dict.fromkeys(publication.UPLOADS, LONGEST_UPLOAD)
# (address, methods, handler); everybody must be signed in.
SCREENS: tuple[tuple[str, str, Handler], ...] = (
    ("/", "GET", now.show_now),
    ("/pulse", "GET", now.pulse),
    ("/incidents", "GET", incident_list.show_list),
    ("/incidents/{number:int}", "GET", incident.show_incident),
    ("/incidents/new", "GET", incident_list.show_new),
    ("/incidents/new", "POST", incident_actions.open_by_hand),
    *incident_actions.ROUTES,
    ("/pages/{page}/{decision}", "POST", deliveries.decide),
    *fact_log.ROUTES,
    *claims.ROUTES,
    *report_pack.ROUTES,
    *legal_clocks.ROUTES,
    ("/incidents/{number:int}/texts/{kind}/{lang}", "GET", editor.show_text),
    ("/incidents/{number:int}/texts/{kind}/{lang}", "POST", editor.save),
    *approving.ROUTES,
    *approvals.ROUTES,
    ("/incidents/{number:int}/texts/{kind}/{lang}/publish", "POST", editor.publish),
    *publication.ROUTES,
    *promises.ROUTES,
    *timeline.ROUTES,
    *answers.ROUTES,
    *answers_print.ROUTES,
    *answer_editor.ROUTES,
    *answer_library.ROUTES,
    *review_sheet.ROUTES,
    *corrective_actions.ROUTES,
    *text_list.ROUTES,
    *variants.ROUTES,
    *templates.ROUTES,
    ("/inquiries", "GET", inquiries.show_inquiries),
    ("/inquiries", "POST", inquiries.note),
    ("/inquiries/{number:int}", "GET", inquiries.show_inquiry),
    ("/inquiries/{number:int}/answer", "POST", inquiries.answer),
    ("/inquiries/{number:int}/close", "POST", inquiries.close),
    ("/inquiries/{number:int}/hand-over", "POST", inquiries.hand_over),
    *taxonomy.ROUTES,
    ("/brands", "GET", brand_list.show_brands),
    ("/brands/{brand}", "GET", brand_editor.show_brand),
    ("/brands/{brand}", "POST", brand_editor.edit),
    ("/brands/{brand}/back", "POST", brand_editor.go_back),
    ("/brands/{brand}/sign", "POST", brand_editor.sign),
    *thresholds.ROUTES,
    ("/thresholds/ledger", "GET", noise.show_noise),
    ("/triage", "GET", triage.show_triage),
    ("/triage/{mention}", "POST", triage.answer),
    ("/mentions", "GET", mention_list.show_mentions),
    ("/mentions/{mention}", "GET", mention.show_mention),
    ("/mentions/{mention}/evidence", "POST", mention_acts.keep_evidence),
    ("/mentions/{mention}/evidence/{snapshot}", "GET", mention.download),
    ("/mentions/{mention}/correct", "POST", mention_acts.correct),
    ("/mentions/{mention}/author", "POST", mention_acts.show_author),
    ("/sources", "GET", source_list.show_sources),
    ("/sources/new", "GET", source_new.show_new),
    ("/sources/new", "POST", source_new.save),
    ("/sources/new/try", "POST", source_new.read_once),
    ("/sources/{source}", "GET", source_view.show_source),
    ("/sources/{source}/read", "POST", source_view.read_now),
    ("/sources/{source}/switch", "POST", source_view.switch),
    ("/coverage", "GET", coverage.show_coverage),
    ("/people", "GET", people_list.show_people),
    ("/people/overrides", "POST", people_list.set_override),
    ("/people/absences", "POST", people_list.set_absence),
    ("/people/{person}/prove", "POST", endpoint_proof.prove),
    ("/people/{person}/proved", "POST", endpoint_proof.proved),
    ("/policy", "GET", policy.show_policy),
    ("/silences", "GET", silences.show_silences),
    ("/silences/silence", "POST", silences.set_silence),
    ("/silences/campaign", "POST", silences.set_campaign),
    ("/spells/{spell}/end", "POST", silences.end_spell),
    ("/deliveries", "GET", deliveries.show_deliveries),
    *drills.ROUTES,
    *drill_room.ROUTES,
    ("/watching", "GET", health.show_watching),
    ("/sign-out", "POST", sign.leave),
)
# The same, open to everybody: their own rules say what may be seen and done.
OPEN_SCREENS: tuple[tuple[str, str, Handler], ...] = (
    ("/sign-in", "GET", sign.show_sign_in),
    ("/sign-in", "POST", sign.enter),
    ("/ack/{token}", "GET", ack.show_ack),
    ("/ack/{token}", "POST", ack.answer),
    ("/voice/{token}", "POST", answering.press),
    ("/sms/twilio", "POST", answering.text_by_twilio),
    ("/sms/aliyun/{token}", "POST", answering.text_by_aliyun),
    ("/api/incidents", "GET", api.list_open),
    ("/api/incidents/{number:int}/{verb}", "POST", api.act),
    ("/language", "GET", preferences.choose_language),
    ("/language", "POST", preferences.choose_language),
    ("/brand", "GET", preferences.choose_brand),
    ("/health", "GET", health.show_health),
    ("/metrics", "GET", metrics.show_metrics),
)


def build_app(room: Room, extra_routes: Sequence[Route] = (), nav_extra: NavExtra = ()) -> Starlette:
    """The application around a room. `nav_extra` adds (address, Chinese, English) to the bar; unknown errors stay 500.

    Handlers of `extra_routes` are wrapped in `desk.screens.door.door` by whoever passes them.
    """
    routes: list[BaseRoute] = [
        Route(path, door(handler, longest=LONGEST.get(path, LONGEST_FORM)), methods=[verb])
        for path, verb, handler in SCREENS
    ]
    routes += [Route(path, door(handler, public=True), methods=[verb]) for path, verb, handler in OPEN_SCREENS]
    # Programs push here; its own door reads more than a form and answers in JSON.
    routes.append(Route("/inbound/{source}", inbound.push, methods=["POST"]))
    hall = Hall(room, build_app)
    routes.append(Mount(PATH, Gate(hall, trouble.refused), name="drill"))
    routes += [*extra_routes, Mount("/static", StaticFiles(directory=STATIC), name="static")]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guarded)],
        exception_handlers={
            **dict.fromkeys(trouble.STATUS, trouble.refused),
            StoreError: trouble.store_away,
            HTTPException: trouble.not_here,
        },
    )
    app.state.room, app.state.nav_extra, app.state.hall = room, nav_extra, hall
    return app


def listen(host: str, port: int) -> socket.socket:
    """A listening socket for the screens; InputError when the address is taken or not ours."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = f"{host}:{port} cannot be listened on ({error.strerror}); choose another port"
        raise InputError(f"web: {reason} (service.toml: web.port, or --port for the demo)") from error


class Guarded:
    """Adds the security headers to every answer; what is not a static file is never stored anywhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    # A page that leaves the house carries a stricter policy of its own.
                    headers.setdefault(name, value)
                static = str(scope.get("path", "")).startswith("/static/")
                headers["Cache-Control"] = "public, max-age=300" if static else "no-store"
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)
