"""The publisher's site, played on this machine: its pages with their drifting titles, its files, and its faults."""

from __future__ import annotations

import contextlib
import hashlib
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

WORKFORCE = "/data-and-information/publications/statistical/primary-care-network-workforce"
PATIENTS = "/data-and-information/publications/statistical/patients-registered-at-a-gp-practice"
ZIP, XLSX = "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLES = ("Workforce - {}", "Workforce {}", "Workforce, {}")  # all three have been used


@dataclass
class Document:
    """What lies at a path: its content and type, and how it is served.

    ``faults`` are used up one at a time, in their order, before the document is served as it should be: a status
    (with ``Retry-After`` where a pair), ``cut`` (after half of the bytes), ``reset`` (no answer), ``silent`` (no answer
    until the client gives up).
    """

    content: bytes
    type: str = "text/html; charset=utf-8"
    faults: list[object] = field(default_factory=list)
    validators: bool = True
    ranges: bool = True
    location: str = ""
    trickle_seconds: float = 0.0
    length: bool = True

    @property
    def etag(self) -> str:
        """A strong validator of the content."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


@dataclass
class Request:
    """A request as it came."""

    path: str
    headers: dict[str, str]


class PublisherSite:
    """The site: put documents at paths, look at the requests."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.requests: list[Request] = []
        self.at_once = self.most_at_once = 0
        self.address = ""

    def asked(self, path: str) -> list[Request]:
        """The requests for a path."""
        return [request for request in self.requests if request.path == path]

    def page(self, path: str, links: list[str], title: str = "Edition") -> Document:
        """Put a page with links at a path; classes and texts say nothing, as on the true site."""
        anchors = "".join(
            f'<a class="{("nhsd-a-box-link", "cta__button")[i % 2]}" href="{href}">Download {i}</a>'
            for i, href in enumerate(links)
        )
        script = "<script>document.location = 'https://elsewhere.example/Individual.zip'</script>"
        text = f"<!doctype html><title>{title}</title>{script}<main><h1>{title}</h1>{anchors}</main>"
        self.documents[path] = Document(text.encode())
        return self.documents[path]

    def edition(self, slug: str, files: dict[str, tuple[bytes, str]], publication: str = WORKFORCE) -> None:
        """Publish an edition: its page, its files, and its link on the publication's page."""
        for path, (content, kind) in files.items():
            self.documents[path] = Document(content, kind)
        links = [f"https://files.digital.nhs.uk{path}".replace(" ", "%20") for path in files]
        title = TITLES[len(self.documents) % len(TITLES)].format(slug.replace("-", " "))
        self.page(
            f"{publication}/{slug}", ["#content", "/about", *links, "https://files.digital.nhs.uk/x/guide.pdf"], title
        )
        listed = [p for p in self.documents if p.startswith(f"{publication}/")]
        self.page(publication, ["/", *(f"https://digital.nhs.uk{p}" for p in listed), f"{publication}/about"], "Series")


class Handler(BaseHTTPRequestHandler):
    """Answer a request from the documents of the site that the server plays."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Count how many are answered at once, and answer."""
        site = self.server.site
        site.at_once += 1
        site.most_at_once = max(site.most_at_once, site.at_once)
        try:
            self._answer(site)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            site.at_once -= 1

    def _answer(self, site: PublisherSite) -> None:
        path = unquote(urlsplit(self.path).path)
        site.requests.append(Request(path, dict(self.headers)))
        document = site.documents.get(path)
        fault = document.faults.pop(0) if document and document.faults else None
        if document is None:
            self._begin(404, 0, {"Content-Type": "text/html"})
        elif fault in ("reset", "silent"):
            time.sleep(1.5 if fault == "silent" else 0)
            self.close_connection = True
        elif isinstance(fault, int | tuple):
            status, retry_after = fault if isinstance(fault, tuple) else (fault, None)
            self._begin(status, 0, {"Retry-After": retry_after} if retry_after is not None else {})
        elif document.location:
            self._begin(302, 0, {"Location": document.location})
        else:
            self._serve(document, cut=fault == "cut")

    def _serve(self, document: Document, *, cut: bool) -> None:
        content, status = document.content, 200
        headers = {"Content-Type": document.type}
        if document.validators:
            headers["ETag"] = document.etag
            if self.headers.get("If-None-Match") == document.etag:
                self._begin(304, 0, headers)
                return
        asked = self.headers.get("Range")
        if asked and document.ranges and self.headers.get("If-Range") in (None, document.etag):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            content, status = content[start:], 206
        self._begin(status, len(content) if document.length else None, headers)
        if cut:
            content = content[: len(content) // 2]
            self.close_connection = True
        slow = 200 if document.trickle_seconds else 0
        for byte in content[:slow]:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(document.trickle_seconds)
        self.wfile.write(content[slow:])

    def _begin(self, status: int, length: int | None, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        elif status != 304:
            self.send_header("Content-Length", str(length))
        self.end_headers()


class Server(ThreadingHTTPServer):
    """A server that holds the site it plays."""

    daemon_threads = True
    site: PublisherSite

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that ends the connection, as one that refuses the certificate does, is no fault of the test."""


@contextlib.contextmanager
def served(site: PublisherSite, certificate: Path | None = None) -> Iterator[PublisherSite]:
    """Serve the site on this machine, over https with ``certificate`` (a PEM of both parts)."""
    server = Server(("127.0.0.1", 0), Handler)
    server.site = site
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.address = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
