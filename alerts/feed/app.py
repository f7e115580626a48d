"""The feed's pages: list, clue, verdict, evidence, live events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from alerts.feed import views
from alerts.feed.guard import Guard
from alerts.feed.session import COOKIE, HOURS, Door
from alerts.feed.stream import events
from alerts.feed.words import words
from pipeline import codec
from pipeline.album import Album, Sighting
from pipeline.assessed import Tier
from pipeline.bus import Bus, Topic
from pipeline.errors import BadInput, EvidenceLost
from pipeline.index import Document, Facet, Index, Kind, Order, Query
from pipeline.matches import Match
from pipeline.media import picture_type
from pipeline.plain import plain
from pipeline.records import Clue, Decision, Right, Verdict, clue_id
from pipeline.vault import Vault

HERE = Path(__file__).parent
PAGE = 40
OTHERS = 20  # listings with the same picture that a page shows
MAX_FORM = 16 << 10
SHOWN = (Tier.HIGH, Tier.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the feed works with; it reads all of it and writes to the bus alone.

    `overlay` draws why a match by picture is one, as a PNG. Raises `BadInput`.
    """

    bus: Bus
    index: Index
    vault: Vault
    album: Album
    rights: Mapping[str, Right]
    rights_folder: Path
    overlay: Callable[[Clue, Match], bytes]
    reviewer: str = "reviewer"


class Feed:
    """The handlers, each one page."""

    def __init__(self, office: Office, door: Door) -> None:
        self._office = office
        self._door = door
        self._pages = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters["plain"] = plain

    def listing(self, request: Request) -> Response:
        office = self._office
        cursor = office.bus.end(
            Topic.CLUES
        )  # before the index is read: a clue between shows twice, never not at all
        asked = dict(request.query_params)
        found = office.index.search(_query(asked))
        further = {**asked, "after": found.after} if found.after else None
        return self._page(
            request,
            "list.html",
            rows=[views.row(hit.document) for hit in found.hits],
            total=found.total,
            tiers=found.counts.get(Facet.TIER, {}),
            asked=asked,
            cursor=cursor,
            live=not asked.get("after")
            and not asked.get("q")
            and asked.get("tier", "") in {"", *SHOWN},
            further=urlencode(further) if further else None,
        )

    def clue(self, request: Request) -> Response:
        document = self._office.index.get(Kind.CLUE, request.path_params["clue"])
        if document is None:
            return self._page(request, "message.html", status=404, message="gone")
        return self._clue_page(request, document)

    def _clue_page(self, request: Request, document: Document, status: int = 200) -> Response:
        shown = views.page(document, self._office.rights.get(document.facets[Facet.RIGHT]))
        return self._page(
            request,
            "clue.html",
            status=status,
            view=shown,
            clusters=self._clusters(shown.clue),
            codes=views.REASON_CODES,
            form_token=self._door.form_token(request.cookies[COOKIE]),
            changed=status == 409,
        )

    def _clusters(self, clue: Clue) -> list[views.ClusterView]:
        """Of each of its pictures that other listings show too."""
        album = self._office.album
        mine = album.pictures(seen.picture for seen in album.of_listing(_key(clue)))
        names = sorted({picture.cluster for picture in mine.values()})
        return [
            views.cluster(spread, self._others(clue, name))
            for name in names
            if (spread := album.spread(name)) and spread.listings > 1
        ]

    def _others(self, clue: Clue, cluster: str) -> list[tuple[Sighting, str | None]]:
        """Other listings with a picture of the cluster, each with its clue for the same right."""
        seen: dict[str, Sighting] = {}
        for each in self._office.album.of_cluster(cluster, OTHERS):
            seen.setdefault(each.listing, each)
        seen.pop(_key(clue), None)
        clues = {listing: clue_id(listing, clue.right_id) for listing in seen}
        known = self._office.index.get_all(Kind.CLUE, clues.values())
        return [
            (each, clues[name] if clues[name] in known else None) for name, each in seen.items()
        ]

    async def verdict(self, request: Request) -> Response:
        """Publishes the decision; it fails visibly where the clue has changed or is not known."""
        form = await _form(request)
        document = self._office.index.get(Kind.CLUE, request.path_params["clue"])
        if document is None:
            return self._page(request, "message.html", status=404, message="gone")
        if form.get("form_token") != self._door.form_token(request.cookies[COOKIE]):
            return Response("form token", 403)
        if form.get("revision") != views.page(document, None).revision:
            return self._clue_page(request, document, status=409)
        verdict = _verdict(document.id, form, self._office.reviewer)
        self._office.bus.publish(Topic.VERDICTS, verdict.clue_id, codec.pack(verdict))
        return RedirectResponse("/", 303)

    def events(self, request: Request) -> Response:
        after = request.headers.get("last-event-id") or request.query_params.get("after")
        template = self._pages.get_template("row.html")
        language = words(request.cookies.get("language"))
        try:
            reader = self._office.bus.follow(Topic.CLUES, after)
        except BadInput:
            return Response("not a cursor", 400)
        stream = events(reader, lambda row: template.render(row=row, t=language))
        return StreamingResponse(
            stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    def evidence(self, request: Request) -> Response:
        """A kept picture; anything else is never sent to a browser from here."""
        try:
            content = self._office.vault.get(request.path_params["sha256"])
        except EvidenceLost:
            return Response("no such evidence", 404)
        return _picture(content)

    def overlay(self, request: Request) -> Response:
        """Drawn when it is asked for."""
        document = self._office.index.get(Kind.CLUE, request.path_params["clue"])
        clue = codec.decode(document.body, Clue) if document else None
        number = request.path_params["number"]
        match = clue.matches[number] if clue and number < len(clue.matches) else None
        if not (clue and match and match.right_image):
            return Response("no such comparison", 404)
        try:
            return _picture(self._office.overlay(clue, match))
        except BadInput as error:
            return Response(str(error), 404)

    def right_picture(self, request: Request) -> Response:
        right = self._office.rights.get(request.path_params["right"])
        image = request.query_params.get("image")
        if right is None or image not in right.images:
            return Response("no such picture", 404)
        return _picture((self._office.rights_folder / image).read_bytes())

    def enter(self, request: Request) -> Response:
        cookie = self._door.enter(request.query_params.get("token", ""))
        if cookie is None:
            return self._page(request, "message.html", status=403, message="entry")
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, cookie, HOURS * 3600, httponly=True, samesite="strict")
        return answer

    def language(self, request: Request) -> Response:
        answer = RedirectResponse(_local(request.query_params.get("back", "/")), 303)
        chosen = words(request.path_params["language"])["lang"]
        answer.set_cookie("language", chosen, 365 * 86400, httponly=True, samesite="strict")
        return answer

    def _page(self, request: Request, name: str, status: int = 200, **values: object) -> Response:
        language = words(request.cookies.get("language"))
        path = request.url.path
        text = self._pages.get_template(name).render(t=language, path=path, **values)
        return HTMLResponse(text, status)


def build(office: Office, door: Door) -> Starlette:
    """The application; every page but the entry asks for the session cookie."""
    feed = Feed(office, door)
    routes = [
        Route("/", feed.listing),
        Route("/enter", feed.enter),
        Route("/events", feed.events),
        Route("/clue/{clue}", feed.clue),
        Route("/clue/{clue}/overlay/{number:int}", feed.overlay),
        Route("/clue/{clue}/verdict", feed.verdict, methods=["POST"]),
        Route("/evidence/{sha256}", feed.evidence),
        Route("/right/{right}", feed.right_picture),
        Route("/language/{language}", feed.language),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    guards = [
        Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
        Middleware(Guard, door=door),
    ]
    return Starlette(routes=routes, middleware=guards)


def _query(asked: Mapping[str, str]) -> Query:
    tier = asked.get("tier")
    tiers = (tier,) if tier else SHOWN
    facets = {Facet.TIER: tiers if tier != "all" else tuple(Tier)}
    facets |= {
        facet: (asked[facet],)
        for facet in (Facet.RIGHT, Facet.STATE, Facet.SHOP)
        if asked.get(facet)
    }
    return Query(
        words=tuple(asked.get("q", "").split()),
        facets=facets,
        order=Order.SCORE if asked.get("order") == Order.SCORE else Order.NEWEST,
        limit=PAGE,
        after=asked.get("after"),
        count=(Facet.TIER,),
    )


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise BadInput("the form is too large")
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _verdict(clue: str, form: Mapping[str, str], reviewer: str) -> Verdict:
    try:
        decision = Decision(form.get("decision", ""))
    except ValueError:
        raise BadInput("no decision was chosen") from None
    code = form.get(f"reason_{decision}", "")
    if code not in views.REASON_CODES[decision]:
        raise BadInput(f"{code!r} is no reason for {decision}")
    return Verdict(
        clue_id=clue,
        revision=form["revision"],
        decision=decision,
        reason_code=code,
        by=reviewer,
        at=datetime.now(UTC),
        note=form.get("note") or None,
    )


def _key(clue: Clue) -> str:
    return clue.listing.key if clue.listing else ""


def _local(path: str) -> str:
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _picture(content: bytes) -> Response:
    kind = picture_type(content)
    if kind is None:
        return Response("not a picture", 415)
    return Response(content, media_type=kind, headers={"Cache-Control": "private, max-age=86400"})
