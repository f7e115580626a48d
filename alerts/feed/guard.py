"""What surrounds every page: a session, a strict content policy, and errors said plainly."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.feed.session import COOKIE, Door
from alerts.feed.words import CHINESE
from pipeline.errors import BadInput, BrokenWorld

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OPEN = ("/enter", "/static/")


class Guard:
    """Lets in who has the cookie."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._answer(request)(scope, receive, guarded)

    def _answer(self, request: Request) -> ASGIApp:
        if request.url.path.startswith(OPEN) or self._door.knows(request.cookies.get(COOKIE)):
            return _errors_said(self._app)
        return PlainTextResponse(CHINESE["entry"], 403)


def _errors_said(app: ASGIApp) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except BadInput as error:
            await _plain(str(error), 400)(scope, receive, send)
        except BrokenWorld as error:
            await _plain(f"暂时不可用，请稍后再试：{error}", 503)(scope, receive, send)

    return call


def _plain(text: str, status: int) -> Response:
    return PlainTextResponse(text, status)
