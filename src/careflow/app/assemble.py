"""One ASGI application out of a built platform: FHIR, the other addresses, the web pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

import careflow
from careflow.ai import http as ai_http
from careflow.ai.cards import http as cards_http
from careflow.ai.desk import Desk
from careflow.ai.messages import http as messages_http
from careflow.ai.oversight import http as oversight_http
from careflow.ai.portal import http as portal_http
from careflow.ai.portal.assistant import Assistant
from careflow.ai.running import http as running_http
from careflow.ai.safety import http as safety_http
from careflow.ai.safety.checking import SafetyChecks
from careflow.ai.task_drafts import http as task_drafts_http
from careflow.app import health, problems
from careflow.app.frontend import Frontend
from careflow.app.guards import (
    DATA_HEADERS,
    Application,
    Guards,
    Message,
    Receive,
    Scope,
    Send,
    respond,
)
from careflow.app.idempotency import Idempotency
from careflow.app.published import PublishedApi
from careflow.audit import http as audit_http
from careflow.composition import Platform
from careflow.composition.online import visit_calendar
from careflow.errors import CareFlowError
from careflow.identity import http as identity_http
from careflow.identity.actor import Actor
from careflow.identity.permissions import may, require
from careflow.jobs import http as jobs_http
from careflow.messaging import http as outbox_http
from careflow.messaging.feeds import http as feeds_http
from careflow.messaging.replies import http as replies_http
from careflow.messaging.visitors import http as links_http
from careflow.planner import http as planner_http
from careflow.records import http as records_http
from careflow.records.intake import http as intake_http
from careflow.records.merging import http as merging_http
from careflow.records.registration import http as registration_http
from careflow.records.rest import FhirApplication
from careflow.scheduling import http as scheduling_http
from careflow.scheduling.absence import http as absence_http
from careflow.scheduling.calendars import http as calendars_http
from careflow.scheduling.changes import http as changes_http
from careflow.scheduling.flow import http as flow_http
from careflow.scheduling.own import http as own_http
from careflow.scheduling.series import http as series_http
from careflow.scheduling.visitors import http as visitors_http
from careflow.scheduling.waitlist import http as waitlist_http
from careflow.scheduling.walk_ins import http as walk_ins_http
from careflow.scheduling.walk_ins.receiving import WalkIns

FHIR_PREFIX = "/api/fhir/R4"


def assemble(
    platform: Platform,
    *,
    web: Path | None = None,
    demo_accounts: Sequence[Mapping[str, str]] = (),
    draining: health.Draining | None = None,
) -> Application:
    """Return the whole application.

    ``web`` is the built web application's folder; ``demo_accounts`` are what a synthetic clinic's
    sign-in page offers (role, name, email, password); ``draining`` is where it is told to stop.
    """
    fhir = FhirApplication(
        platform.records,
        authenticate=platform.identity.authenticator.authenticate,
        trail=platform.trail,
        clock=platform.clock,
        mint=platform.mint,
        prefix=FHIR_PREFIX,
        origin=platform.origin,
        headers=DATA_HEADERS,
        elsewhere=platform.visits.over_fhir(),
    )
    frontend = Frontend(web or Path(careflow.__file__).parent / "web")
    api = api_of(platform, demo_accounts, draining)
    dispatch = Dispatch(platform, api=api, frontend=frontend)
    return Idempotency(
        FhirFirst(fhir, Guards(dispatch, mint=platform.mint)),
        documents=platform.documents,
        organisation=platform.organisation,
        who=platform.identity.authenticator.authenticate,
        clock=platform.clock,
        mint=platform.mint,
        visitor=_visitors(platform.organisation),
    )


def _visitors(organisation: str) -> Callable[[Scope], Actor | None]:
    """Return whose a request is that needs no account."""

    def whose(scope: Scope) -> Actor | None:
        if not scope["path"].startswith(visitors_http.PREFIX):
            return None
        return visitors_http.visitor_of(scope["headers"], organisation)

    return whose


class FhirFirst:
    """Hands FHIR requests straight to their application.

    It numbers them, bounds bodies, answers errors and completes headers itself: every layer around
    it would cost each read again.
    """

    def __init__(self, fhir: Application, others: Application) -> None:
        self._fhir, self._others = fhir, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the platform's life."""
        if scope["type"] == "http" and _is_fhir(scope["path"]):
            await self._fhir(scope, receive, send)
        else:
            await self._others(scope, receive, send)


def _is_fhir(path: str) -> bool:
    return path.startswith(FHIR_PREFIX) and path[len(FHIR_PREFIX) :][:1] in {"", "/"}


class Dispatch:
    """Sends each request to the part that answers it, and starts and stops the platform."""

    def __init__(self, platform: Platform, *, api: Application, frontend: Application) -> None:
        self._platform, self._api, self._frontend = platform, api, frontend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the platform's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._part(scope["path"])(scope, receive, watch)
        except Exception as error:  # noqa: BLE001 - the last place that can still answer.
            number = scope["state"]["request"]
            problems.log_unexpected(error, number)
            if not started:
                document = problems.unexpected(number)
                await respond(send, 500, problems.body(document), problems.MEDIA_TYPE)

    def _part(self, path: str) -> Application:
        return self._api if path == "/api" or path.startswith("/api/") else self._frontend

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._platform.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._platform.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def api_of(
    platform: Platform,
    demo_accounts: Sequence[Mapping[str, str]] = (),
    draining: health.Draining | None = None,
) -> FastAPI:
    """Return the FastAPI part: every address that is neither FHIR nor a web page."""
    api = PublishedApi(
        title="CareFlowAI",
        version=careflow.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    authenticate = platform.identity.authenticator.authenticate

    async def who(request: Request) -> Actor:
        return await authenticate(request.scope["headers"], request.method)

    api.include_router(health.router(platform, draining or health.Draining()))
    api.include_router(identity_http.router(platform.identity, who))
    api.include_router(records_http.router(_screens(platform, demo_accounts), who=who))
    counter = registration_http.Counter(platform.registration, platform.trail, platform.clock)
    api.include_router(registration_http.router(counter, who=who))
    api.include_router(merging_http.router(platform.merging, platform.documents, who=who))
    desk = _desk(platform)
    api.include_router(running_http.router(desk, who=who))
    api.include_router(ai_http.router(desk, who=who))
    _add_answers(api, platform, desk, who)
    api.include_router(
        task_drafts_http.router(platform.task_reviews, platform.documents, platform.trail, who=who)
    )
    _add_scheduling(api, platform, who)
    _add_messages(api, platform, who)
    api.include_router(oversight_http.router(platform.oversight, who=who, names=platform.names_of))
    api.include_router(
        jobs_http.router(platform.queue, who, sees_all=_sees_all_jobs, lists=_may_list_jobs)
    )
    api.include_router(
        audit_http.router(
            platform.trail,
            who,
            allowed=_may_read_trail,
            names=platform.names_of,
            clock=platform.clock,
        )
    )
    api.include_router(planner_http.router(_planners(platform, who), clock=platform.clock))
    _add_schema(api, platform, who)
    _add_error_answers(api)
    return api


def _add_schema(
    api: FastAPI, platform: Platform, who: Callable[[Request], Awaitable[Actor]]
) -> None:
    @api.get("/api/openapi.json", include_in_schema=False)
    async def schema(request: Request) -> Response:
        """Describe the API: to anyone in a synthetic clinic, to who is signed in elsewhere."""
        if not platform.synthetic:
            await who(request)
        return Response(msgspec.json.encode(api.openapi()), media_type="application/json")


def _planners(
    platform: Platform, who: Callable[[Request], Awaitable[Actor]]
) -> Callable[[Request], Awaitable[None]]:
    async def allowed(request: Request) -> None:
        """Let anyone plan in a synthetic clinic; elsewhere who has the permission."""
        if not platform.synthetic:
            require(await who(request), "plan:read")

    return allowed


def _screens(
    platform: Platform, demo_accounts: Sequence[Mapping[str, str]]
) -> records_http.Screens:
    return records_http.Screens(
        clinic=records_http.Clinic(
            name=platform.clinic_name,
            zone=platform.zone.key,
            synthetic=platform.synthetic,
            demo_accounts=tuple(records_http.DemoSignIn(**one) for one in demo_accounts),
        ),
        documents=platform.documents,
        directory=platform.directory,
        charts=platform.charts,
        days=platform.days,
        portals=platform.portals,
        inbox=platform.inbox,
        records=platform.records,
        trail=platform.trail,
        clock=platform.clock,
    )


def _desk(platform: Platform) -> Desk:
    return Desk(
        documents=platform.documents,
        inbox=platform.inbox,
        gateway=platform.gateway,
        reviews=platform.reviews,
        histories=platform.histories,
        task_reviews=platform.task_reviews,
        later=platform.later,
        trail=platform.trail,
        clock=platform.clock,
    )


def _add_answers(
    api: FastAPI, platform: Platform, desk: Desk, who: Callable[[Request], Awaitable[Actor]]
) -> None:
    """Add what is answered without a draft: to patients, of charts by rules, and of tasks."""
    assistant = Assistant(desk, platform.messages)
    api.include_router(portal_http.router(desk, assistant, who=who))
    box = messages_http.Letterbox(platform.messages, platform.trail, platform.clock)
    api.include_router(messages_http.router(box, who=who))
    checks = SafetyChecks(platform.charts, platform.clock)
    api.include_router(safety_http.router(desk, checks, who=who))
    api.include_router(cards_http.router(platform.gateway, who=who))


def _add_scheduling(
    api: FastAPI, platform: Platform, who: Callable[[Request], Awaitable[Actor]]
) -> None:
    visits = platform.visits
    front = scheduling_http.Front(visits.finder, visits.holding, visits.desk)
    counter = waitlist_http.Counter(
        visits.waitlist, visits.answering, platform.clock, platform.mint
    )
    api.include_router(scheduling_http.router(front, who=who))
    api.include_router(flow_http.router(flow_http.Board(visits.flow, platform.documents), who=who))
    changes = changes_http.Changes(
        visits.desk, platform.documents, platform.trail, platform.names_of
    )
    api.include_router(changes_http.router(changes, who=who))
    api.include_router(calendars_http.router(visits.plans, visits.planning, who=who))
    api.include_router(absence_http.router(visits.absences, who=who))
    api.include_router(series_http.router(visits.series, who=who))
    api.include_router(waitlist_http.router(counter, who=who))
    walk_ins = WalkIns(visits.desk, platform.registration)
    api.include_router(walk_ins_http.router(walk_ins, who=who))
    own = own_http.Own(visits.finder, platform.trail, platform.clock)
    api.include_router(own_http.router(own, who=who))
    calendar = visit_calendar(
        platform.messaging.visiting.book,
        clinic=platform.clinic_name,
        organisation=platform.organisation,
    )
    entrance = visitors_http.Entrance(visits.finder, platform.online, platform.clock, calendar)
    api.include_router(visitors_http.router(entrance))
    answers = intake_http.Counter(platform.intake, platform.trail, platform.clock)
    api.include_router(intake_http.router(answers, who=who))


def _add_messages(
    api: FastAPI, platform: Platform, who: Callable[[Request], Awaitable[Actor]]
) -> None:
    messages, trail, clock = platform.messaging, platform.trail, platform.clock
    door = links_http.Door(
        messages.visiting, trail, clock, platform.organisation, platform.clinic_name
    )
    api.include_router(links_http.router(door))
    api.include_router(replies_http.router(messages.hearing))
    counter = outbox_http.Counter(messages.outbox, trail, clock)
    api.include_router(outbox_http.router(counter, who=who))
    shelf = feeds_http.Shelf(messages.feeds, messages.visiting, trail, clock, platform.organisation)
    api.include_router(feeds_http.router(shelf, who=who))


def _sees_all_jobs(actor: Actor) -> bool:
    return may(actor, "job:read")


def _may_list_jobs(actor: Actor) -> None:
    require(actor, "job:read")


def _may_read_trail(actor: Actor) -> None:
    require(actor, "audit:read")


def _add_error_answers(api: FastAPI) -> None:
    @api.exception_handler(CareFlowError)
    async def _domain(_: Request, error: CareFlowError) -> Response:
        document = problems.of_error(error)
        return _answer(error.status, problems.body(document), problems.headers(error))

    @api.exception_handler(RequestValidationError)
    async def _fields(_: Request, error: RequestValidationError) -> Response:
        return _answer(422, problems.body(problems.of_invalid_fields(list(error.errors()))))

    @api.exception_handler(Exception)
    async def _unforeseen(request: Request, _: Exception) -> Response:
        # The framework raises it again after this answer, so it is logged around it, once.
        return _answer(500, problems.body(problems.unexpected(request.scope["state"]["request"])))

    @api.exception_handler(ClientDisconnect)
    async def _gone(_: Request, __: ClientDisconnect) -> Response:
        # Nobody hears this; what was being received was let go of.
        return _answer(400, problems.body(problems.of_status(400)))

    @api.exception_handler(HTTPException)
    async def _framework(_: Request, error: HTTPException) -> Response:
        return _answer(error.status_code, problems.body(problems.of_status(error.status_code)))


def _answer(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type=problems.MEDIA_TYPE)
