"""The index on Elasticsearch: our folded words in `cjk` bigrams, versions from outside."""

import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from elastic_transport import SerializationError, TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch, OrjsonSerializer
from elasticsearch.helpers import streaming_bulk
from typing_extensions import override

from pipeline.address import Address, read_address, read_secret
from pipeline.errors import BadInput, IndexUnavailable
from pipeline.index.base import (
    Document,
    Facet,
    Hit,
    Index,
    Kind,
    Order,
    Page,
    Query,
    cursor,
    place_of,
)
from pipeline.index.elastic.layout import (
    ANALYSIS,
    LAYOUT,
    MAPPINGS,
    document_of,
    source_of,
)
from pipeline.index.elastic.queries import BUCKETS, SORT, condition, counted
from pipeline.index.highlight import highlights
from pipeline.records import HASH_BITS

SETTING = "MARKWATCH_INDEX"
OPTIONS = {"ca", "api_key_file", "shards", "replicas", "refresh"}
ANSWER_SECONDS = 30
GRACE_SECONDS = 2.0  # a search that began before the swap ends within this
CHUNK = 2_000  # in one request: each waits for a refresh
CHUNK_BYTES = 20 << 20


def open_elastic(url: str) -> Index:
    """An index that connects when it is first used; the client's chatter stays off our log."""
    logging.getLogger("elastic_transport").setLevel(logging.CRITICAL)
    logging.getLogger("elasticsearch").setLevel(logging.CRITICAL)
    address = read_address(SETTING, url, OPTIONS)
    return ElasticIndex(_client(address), address.name, _settings(address))


def _client(address: Address) -> Elasticsearch:
    told: dict[str, Any] = {}
    if "api_key_file" in address.options:
        told["api_key"] = read_secret(SETTING, address.options, "api_key_file")
    elif address.user:
        told["basic_auth"] = (address.user, address.password)
    if "ca" in address.options:
        told["ca_certs"] = address.options["ca"]
    return Elasticsearch(
        [f"{address.scheme}://{host}" for host in address.hosts],
        serializer=OrjsonSerializer(),
        request_timeout=ANSWER_SECONDS,
        **told,
    )


def _settings(address: Address) -> Mapping[str, Any]:
    return {
        "number_of_shards": address.number("shards", 1),
        "auto_expand_replicas": address.options.get("replicas", "0-1"),
        "refresh_interval": address.options.get("refresh", "500ms"),
        "mapping.exclude_source_vectors": False,
        "analysis": ANALYSIS,
    }


@contextmanager
def _translated() -> Iterator[None]:
    """The client's own errors leave as ours."""
    try:
        yield
    except SerializationError as error:
        raise BadInput(f"no JSON can be made of it: {error}") from error
    except (ApiError, TransportError) as error:
        raise IndexUnavailable(f"Elasticsearch: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """The bottom of the client's nested sentences."""
    found = re.search(r"\[Errno [^)']*", str(error))
    return found[0] if found else f"{error!s:.200}"


class ElasticIndex(Index):
    """Documents live in `NAME.000001`, later numbers after a rebuild; `NAME` is their alias.

    No name has a dot in it, so no pattern reaches into another house's indices.
    """

    def __init__(
        self, client: Elasticsearch, name: str, settings: Mapping[str, Any], own: str | None = None
    ) -> None:
        self._client = client
        self._name = name
        self._settings = settings
        self._own = own  # the one index this is, not yet behind the alias
        self._lock = threading.Lock()
        self._ready = own is not None

    @property
    def _target(self) -> str:
        return self._own or self._name

    def _prepare(self) -> None:
        """Makes sure of the template and of the index behind the alias, once."""
        with self._lock, _translated():
            if self._ready:
                return
            self._put_template()
            if not self._client.indices.exists_alias(name=self._name):
                with suppress(BadRequestError):  # another process was first
                    self._client.indices.create(
                        index=f"{self._name}.000001", aliases={self._name: {}}
                    )
            self._check_layout()
            self._ready = True

    def _put_template(self) -> None:
        self._client.indices.put_index_template(
            name=self._name,
            index_patterns=[f"{self._name}.0*"],
            template={"settings": {"index": self._settings}, "mappings": MAPPINGS},
            priority=200,
        )

    def _check_layout(self) -> None:
        found = self._client.indices.get_mapping(index=self._name)
        layouts = [each["mappings"].get("_meta", {}).get("layout") for each in found.values()]
        if layouts != [LAYOUT]:
            raise IndexUnavailable(
                f"the index {self._name} has layout {layouts}, not [{LAYOUT}]; "
                "run `markwatch index rebuild`"
            )

    @override
    def put(self, documents: Iterable[Document]) -> None:
        self._prepare()
        actions = (self._action(document) for document in documents)
        with _translated():
            for fine, outcome in streaming_bulk(
                self._client,
                actions,
                chunk_size=CHUNK,
                max_chunk_bytes=CHUNK_BYTES,
                raise_on_error=False,
                max_retries=6,
                initial_backoff=0.5,
                max_backoff=10,
                refresh=False if self._own else "wait_for",
                require_alias=self._own is None,
            ):
                if not fine:
                    _settle(outcome["index"])

    def _action(self, document: Document) -> dict[str, Any]:
        return {
            "_op_type": "index",
            "_index": self._target,
            "_id": f"{document.kind}:{document.id}",
            "version": document.version,
            "version_type": "external_gte",
            "_source": source_of(document),
        }

    @override
    def get_all(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Document]:
        asked = [f"{kind}:{name}" for name in ids]
        if not asked:
            return {}
        self._prepare()
        with _translated():
            found = self._client.mget(index=self._target, ids=asked)["docs"]
        stored = (document_of(each["_source"]) for each in found if each.get("found"))
        return {document.id: document for document in stored}

    @override
    def search(self, query: Query) -> Page:
        self._prepare()
        body: dict[str, Any] = {
            "query": condition(query),
            "sort": [SORT[query.order], {"id": "asc"}],
            "size": query.limit + 1,
            "track_total_hits": True,
            "track_scores": query.picture is not None,
            "aggs": {str(facet): counted(facet) for facet in query.count},
        }
        if query.after is not None:
            place, name = place_of(query.after)
            nearest = query.order is Order.NEAREST
            body["search_after"] = [HASH_BITS - place if nearest else place, name]
        with _translated():
            answer = self._client.search(index=self._target, **body)
            counts = {facet: self._counts(facet, query, answer) for facet in query.count}
        found = [_hit(each, query) for each in answer["hits"]["hits"]]
        hits = tuple(found[: query.limit])
        return Page(
            hits=hits,
            total=answer["hits"]["total"]["value"],
            counts=counts,
            after=cursor(hits[-1], query.order) if len(found) > query.limit else None,
        )

    def _counts(self, facet: Facet, query: Query, answer: Any) -> Mapping[str, int]:  # noqa: ANN401 - the client's own
        """All values, however many: a plain terms aggregation forgets the rare ones."""
        totals: dict[str, int] = {}
        found = answer["aggregations"][facet]
        while True:
            buckets = found["buckets"]
            totals |= {each["key"]["value"]: each["doc_count"] for each in buckets}
            if len(buckets) < BUCKETS:
                return dict(sorted(totals.items(), key=lambda each: (-each[1], each[0])))
            further = {str(facet): counted(facet, found["after_key"])}
            found = self._client.search(
                index=self._target, query=condition(query), size=0, aggs=further
            )["aggregations"][facet]

    @override
    @contextmanager
    def renewed(self) -> Iterator[Index]:
        with _translated():
            self._put_template()
            there = sorted(self._client.indices.get(index=f"{self._name}.0*", features="aliases"))
            number = int(there[-1].rpartition(".")[2]) + 1 if there else 1
            fresh = f"{self._name}.{number:06}"
            self._client.indices.create(index=fresh, settings={"index": {"refresh_interval": "-1"}})
        try:
            yield ElasticIndex(self._client, self._name, self._settings, own=fresh)
            with _translated():
                self._swap(fresh, there)
        except BaseException:
            with suppress(ApiError, TransportError):
                self._client.indices.delete(index=fresh, ignore_unavailable=True)
            raise
        time.sleep(GRACE_SECONDS)
        with _translated():
            for old in there:
                self._client.indices.delete(index=old, ignore_unavailable=True)

    def _swap(self, fresh: str, old: Iterable[str]) -> None:
        interval = {"index": {"refresh_interval": self._settings["refresh_interval"]}}
        self._client.indices.put_settings(index=fresh, settings=interval)
        self._client.indices.refresh(index=fresh)
        removed = [
            {"remove": {"index": each, "alias": self._name, "must_exist": False}} for each in old
        ]
        added = {"add": {"index": fresh, "alias": self._name}}
        self._client.indices.update_aliases(actions=[*removed, added])

    @override
    def close(self) -> None:
        if self._own is None:
            self._client.close()


def _settle(outcome: Mapping[str, Any]) -> None:
    """An older version lost to a newer one: done. What can never be stored is the caller's."""
    status, error = outcome["status"], outcome.get("error")
    if status == 409:
        return
    if status == 400:
        raise BadInput(f"{outcome['_id']} cannot be indexed: {error}")
    raise IndexUnavailable(f"Elasticsearch: {outcome['_id']}: {error}")


def _hit(found: Mapping[str, Any], query: Query) -> Hit:
    document = document_of(found["_source"])
    return Hit(
        document=document,
        highlights=highlights(document.texts, query.words),
        distance=HASH_BITS - round(found["_score"]) if query.picture else None,
    )
