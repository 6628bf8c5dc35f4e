"""Addresses of signing in, ``/api/auth``, and of records opened in an emergency."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from each closure.

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from careflow.database.work import Work
from careflow.errors import CareFlowError, NotSignedInError, TooManyRequestsError
from careflow.identity import bodies, cookies, oauth
from careflow.identity.actor import Actor
from careflow.identity.assembly import Identity
from careflow.identity.client_door import ClientDoor
from careflow.identity.front_door import CodeNeeded, FrontDoor, SignedIn
from careflow.identity.permissions import require
from careflow.identity.tokens import TokenMissingError

Who = Callable[..., Awaitable[Actor]]

_BROWSER_HEADER = "x-careflow-session"
_TOKEN_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            oauth.FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "const": "client_credentials"},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                        "client_assertion_type": {"type": "string"},
                        "client_assertion": {"type": "string"},
                        "scope": {"type": "string"},
                    },
                }
            }
        },
    }
}


def router(identity: Identity, who: Who) -> APIRouter:
    """Return the addresses under ``/api/auth`` and ``/api/emergency-access``.

    ``who`` answers "who is asking?" for a full session. Where a session limited to enrolling a
    second factor may pass, the authenticator is asked here.
    """
    api = APIRouter()
    auth = APIRouter(prefix="/api/auth", tags=["auth"])
    door = FrontDoor(identity)
    _add_sessions(auth, identity, door)
    _add_own_account(auth, identity, door, who)
    _add_second_factor(auth, identity, door)
    _add_clients(auth, ClientDoor(identity))
    api.include_router(auth)
    emergencies = APIRouter(prefix="/api/emergency-access", tags=["emergency access"])
    _add_emergencies(emergencies, identity, door, who)
    api.include_router(emergencies)
    return api


def _add_sessions(api: APIRouter, identity: Identity, door: FrontDoor) -> None:
    enroller = _enroller(identity)

    @api.post("/login")
    async def login(
        body: bodies.LoginRequest | bodies.ChallengeRequest, request: Request, response: Response
    ) -> bodies.LoginAnswer:
        """Sign in; browsers ask for cookies with ``X-CareFlow-Session: cookie``."""
        address = _address(request)
        found: SignedIn | CodeNeeded
        if isinstance(body, bodies.ChallengeRequest):
            found = await door.go_on(body.challenge, body.code, address=address)
        else:
            found = await door.sign_in(body.email, body.password, body.code, address=address)
        if isinstance(found, CodeNeeded):
            return bodies.LoginAnswer(
                mfa_required=True, methods=["totp"], challenge=found.challenge
            )
        return _signed_in(identity, found, request, response)

    @api.post("/refresh")
    async def refresh(
        request: Request, response: Response, body: bodies.RefreshRequest | None = None
    ) -> bodies.LoginAnswer:
        """Continue a session with its refresh token, which is used up by it."""
        shown = _refresh_shown(identity, request, body.refresh_token if body else None)
        found = await door.refresh(shown.token, check_csrf=shown.check_csrf)
        return _signed_in(identity, found, request, response, as_cookies=shown.from_cookie)

    @api.post("/logout", status_code=204)
    async def logout(
        request: Request, response: Response, body: bodies.LogoutRequest | None = None
    ) -> None:
        """Sign out: end the session, or every session of the account."""
        asked = body or bodies.LogoutRequest()
        try:
            actor = await enroller(request)
        except NotSignedInError:
            # The access token is over first; who leaves then must not leave the session behind.
            shown = _refresh_shown(identity, request, asked.refresh_token)
            await door.sign_out_by_refresh(
                shown.token, everywhere=asked.everywhere, check_csrf=shown.check_csrf
            )
        else:
            await door.sign_out(actor, everywhere=asked.everywhere)
        _clear_cookies(response)

    @api.post("/sign-up", status_code=202)
    async def sign_up(body: bodies.SignUpRequest, request: Request) -> bodies.SignUpAnswer:
        """Make a patient's account; the answer is the same for an address that has one."""
        await door.sign_up(
            email=body.email, name=body.name, password=body.password, address=_address(request)
        )
        return bodies.SignUpAnswer()


def _add_own_account(api: APIRouter, identity: Identity, door: FrontDoor, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type
    Enroller = Annotated[Actor, Depends(_enroller(identity))]  # noqa: N806 - a type

    @api.get("/me")
    async def me(actor: Enroller) -> bodies.Account:
        """Say who is signed in."""
        require(actor, "account:own")
        stored = await identity.accounts.read(actor.id)
        return bodies.Account.of(stored.account, demo=identity.demo)

    @api.post("/password")
    async def change_password(
        body: bodies.PasswordRequest, actor: Asker, request: Request, response: Response
    ) -> bodies.LoginAnswer:
        """Change one's own password; every other session of the account ends."""
        found = await door.change_password(actor, body.current, body.new, address=_address(request))
        return _signed_in(identity, found, request, response)


def _add_second_factor(api: APIRouter, identity: Identity, door: FrontDoor) -> None:
    Enroller = Annotated[Actor, Depends(_enroller(identity))]  # noqa: N806 - a type

    @api.post("/second-factor/enrol")
    async def enrol(actor: Enroller) -> bodies.EnrolAnswer:
        """Begin to set up an authenticator; nothing changes until a code confirms it."""
        enrolment = await door.enrol(actor)
        return bodies.EnrolAnswer(secret=enrolment.secret, uri=enrolment.uri)

    @api.post("/second-factor/confirm")
    async def confirm(body: bodies.CodeRequest, actor: Enroller) -> bodies.ConfirmAnswer:
        """Confirm it with a first code; the recovery codes are shown this once."""
        return bodies.ConfirmAnswer(recovery_codes=await door.confirm(actor, body.code))


def _add_clients(api: APIRouter, door: ClientDoor) -> None:
    @api.post(
        "/token",
        response_model=bodies.TokenAnswer,
        responses={status: {"model": bodies.TokenRefusal} for status in (400, 401, 429)},
        openapi_extra=_TOKEN_FORM,
    )
    async def token(request: Request) -> Response:
        """Give a machine client its access token (OAuth 2.0 client credentials)."""
        headers = request.headers
        try:
            asked = oauth.parse(
                headers.get("content-type", ""), headers.get("authorization"), await request.body()
            )
            found = await door.token(asked, address=_address(request), origin=_origin(request))
        except CareFlowError as error:
            return _refused(error)
        answer = bodies.TokenAnswer(
            access_token=found.access_token,
            expires_in=found.expires_in_s,
            scope=" ".join(sorted(found.scopes)),
            patient=found.patient_id,
        )
        content = answer.model_dump(exclude_none=True)
        return JSONResponse(content, headers={"Cache-Control": "no-store"})


def _add_emergencies(api: APIRouter, identity: Identity, door: FrontDoor, who: Who) -> None:
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("", status_code=201)
    async def open_in_an_emergency(
        body: bodies.EmergencyRequest, actor: Asker
    ) -> bodies.EmergencyAccess:
        """Open a record outside one's care at once; why stands in the trail and is reviewed."""
        found = await door.open_emergency(
            actor, patient_id=body.patient_id, reason=body.reason, code=body.code
        )
        return bodies.EmergencyAccess.of(found)

    @api.get("")
    async def emergencies(
        actor: Asker, status: Literal["waiting", "reviewed"] = "waiting"
    ) -> bodies.EmergencyAccesses:
        """Show the records that were opened in an emergency."""
        found = await identity.emergencies.listed(actor, waiting=status == "waiting")
        return bodies.EmergencyAccesses(accesses=[bodies.EmergencyAccess.of(one) for one in found])

    @api.post("/{emergency_id}/review")
    async def review_an_emergency(
        emergency_id: Annotated[str, Path(max_length=64)], body: bodies.ReviewRequest, actor: Asker
    ) -> bodies.EmergencyAccess:
        """Say that one was looked at, with a note."""
        async with Work(identity.documents) as work:
            found = await identity.emergencies.review(work, actor, emergency_id, note=body.note)
        return bodies.EmergencyAccess.of(found)


def _refused(error: CareFlowError) -> JSONResponse:
    refusal = bodies.TokenRefusal(
        error=oauth.error_name(error), error_description=error.message, code=error.code
    )
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, NotSignedInError):
        headers["WWW-Authenticate"] = "Basic"
    if isinstance(error, TooManyRequestsError):
        headers["Retry-After"] = str(error.retry_after_s)
    return JSONResponse(refusal.model_dump(), status_code=error.status, headers=headers)


# --- what a request carries, and what an answer plants ---------------------------------------


def _enroller(identity: Identity) -> Who:
    async def enroller(request: Request) -> Actor:
        """Admit also a session that may only enrol a second factor."""
        return await identity.authenticator.authenticate(
            request.headers.raw, request.method, enrolling=True
        )

    return enroller


@dataclass(frozen=True, slots=True)
class _RefreshShown:
    token: str
    from_cookie: bool
    check_csrf: Callable[[str], None]


def _refresh_shown(identity: Identity, request: Request, sent: str | None) -> _RefreshShown:
    """Return the refresh token of the body, or of the cookie with its duty of a CSRF header."""
    if sent is not None:
        return _RefreshShown(sent, from_cookie=False, check_csrf=lambda _: None)
    kept = request.cookies.get(cookies.REFRESH)
    if kept is None:
        raise TokenMissingError
    header = request.headers.get(cookies.CSRF_HEADER)
    shown = None if header is None else header.encode("latin-1", "replace")
    return _RefreshShown(
        kept, from_cookie=True, check_csrf=lambda session: identity.csrf.check(session, shown)
    )


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _signed_in(
    identity: Identity,
    found: SignedIn,
    request: Request,
    response: Response,
    *,
    as_cookies: bool = False,
) -> bodies.LoginAnswer:
    answer = bodies.LoginAnswer(
        expires_in=found.expires_in_s,
        account=bodies.Account.of(found.account, demo=identity.demo),
        second_factor_needed=found.session.limited,
    )
    response.headers["Cache-Control"] = "no-store"
    if not as_cookies and request.headers.get(_BROWSER_HEADER) != "cookie":
        tokens = {"access_token": found.access_token, "refresh_token": found.refresh_token}
        return answer.model_copy(update=tokens)
    secure = cookies.needs_secure(request.url.scheme, request.url.hostname)
    _set_cookies(response, found, secure=secure)
    return answer.model_copy(update={"csrf_token": found.csrf_token})


def _set_cookies(response: Response, found: SignedIn, *, secure: bool) -> None:
    left = found.session_left_s
    for name, value, path, age, hidden in (
        (cookies.ACCESS, found.access_token, cookies.ACCESS_PATH, found.expires_in_s, True),
        (cookies.REFRESH, found.refresh_token, cookies.REFRESH_PATH, left, True),
        (cookies.CSRF, found.csrf_token, "/", left, False),
    ):
        response.set_cookie(
            name,
            value,
            max_age=age,
            path=path,
            secure=secure,
            httponly=hidden,
            samesite="strict",
        )


def _clear_cookies(response: Response) -> None:
    for name, path in (
        (cookies.ACCESS, cookies.ACCESS_PATH),
        (cookies.REFRESH, cookies.REFRESH_PATH),
        (cookies.CSRF, "/"),
    ):
        response.delete_cookie(name, path=path, samesite="strict")
