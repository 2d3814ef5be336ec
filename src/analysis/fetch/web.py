"""Polite requests: one at a time, over https to allowed hosts, bounded, and tried again when that can help."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import tenacity
import truststore
import urllib3
from requests.adapters import HTTPAdapter

from analysis.fetch.errors import FetchError, NotPublishedError
from analysis.fetch.publisher import Limits
from analysis.fetch.site import Site
from analysis.settings import PROJECT

CHUNK_BYTES = 65_536
OK, PARTIAL, NOT_MODIFIED, RANGE_REFUSED = 200, 206, 304, 416
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
# What a server says when it is busy or restarting (RFC 9110, RFC 6585): the same request may succeed later.
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_PAGE_TYPES = {"text/html", "application/xhtml+xml"}
T = TypeVar("T")


class TryAgainError(Exception):
    """A fault that may pass: ``what`` happened, and how many seconds the server asks to wait."""

    def __init__(self, what: str, wait_seconds: float | None = None) -> None:
        super().__init__(what)
        self.what, self.wait_seconds = what, wait_seconds


@dataclass(frozen=True)
class Reply:
    """The beginning of a reply: where it came from in the end, its status and headers, and its body to be read."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; empty when the server gives none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def length(self) -> int | None:
        """How many bytes the body has, where the server says it."""
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdecimal() else None


class _SystemTrust(HTTPAdapter):
    """Trust the certificates that the system trusts; ``SSL_CERT_FILE`` adds others where OpenSSL reads it."""

    def init_poolmanager(self, *arguments: Any, **settings: Any) -> None:
        super().init_poolmanager(*arguments, **settings, ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    def proxy_manager_for(self, proxy: str, **settings: Any) -> Any:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return super().proxy_manager_for(proxy, **settings, ssl_context=context)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        if verify is not True:  # REQUESTS_CA_BUNDLE
            super().cert_verify(conn, url, verify, cert)
        elif url.lower().startswith("https"):
            conn.cert_reqs = "CERT_REQUIRED"  # against the context above, without the bundle that requests brings


class _Session(requests.Session):
    """Leave redirects alone: each is checked before it is followed, and the library fails at one that is no address."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """No redirect is followed by the library."""


class Web:
    """Requests to one site under its limits. Proxies are those of the environment (``HTTPS_PROXY``, ``NO_PROXY``)."""

    def __init__(self, site: Site, limits: Limits, tell: Callable[[str], None] = lambda _: None) -> None:
        self.site, self.limits, self._tell = site, limits, tell
        self._session = _Session()
        self._session.mount("https://", _SystemTrust())
        self._session.auth = lambda request: request  # nothing from ~/.netrc is sent
        self._session.headers.update(
            {
                "User-Agent": f"{PROJECT}/{metadata.version(PROJECT)} (requests/{metadata.version('requests')})",
                "Accept": "*/*",
                # Packed bodies could unpack without end, and a Range would count other bytes.
                "Accept-Encoding": "identity",
            }
        )
        self._last = -float("inf")

    def page(self, address: str) -> tuple[str, str]:
        """The address in the end, and the text, of a page.

        Raises
        ------
        NotPublishedError
            There is no page at the address.
        FetchError
            It cannot be had, is no page, or is too large.
        """
        return self.again(address, lambda: self._page(address))

    def _page(self, address: str) -> tuple[str, str]:
        with self.opened(address, {}) as reply:
            if reply.media_type not in _PAGE_TYPES:
                raise FetchError(
                    f"{address} is no web page: its type is {reply.media_type or 'not given'!r}.",
                    "The addresses of the files are read off the publisher's page.",
                    "Open the address in a browser; if the publisher has moved, edit "
                    "src/analysis/fetch/publisher.toml.",
                )
            content = b"".join(self.chunks(reply, self.limits.page_bytes))
        return reply.url, content.decode("utf-8", errors="replace")

    def again(self, address: str, work: Callable[[], T]) -> T:
        """Do ``work``, and again with growing pauses while :class:`TryAgainError` says that this may help.

        Raises
        ------
        FetchError
            It did not help.
        """
        limits = self.limits

        def wait(state: tenacity.RetryCallState) -> float:
            fault = state.outcome.exception() if state.outcome else None
            asked = (fault.wait_seconds or 0.0) if isinstance(fault, TryAgainError) else 0.0
            growing: float = limits.first_wait_seconds * 2.0 ** (state.attempt_number - 1)
            return min(max(growing, asked), limits.longest_wait_seconds)

        def tell_waiting(state: tenacity.RetryCallState) -> None:
            fault = state.outcome.exception() if state.outcome else None
            self._tell(f"{address}: {fault}; trying again in {wait(state):.0f} s")

        def asks_too_much(fault: BaseException) -> bool:
            return isinstance(fault, TryAgainError) and (fault.wait_seconds or 0) <= limits.longest_wait_seconds

        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(limits.attempts),
            wait=wait,
            retry=tenacity.retry_if_exception(asks_too_much),
            before_sleep=tell_waiting,
            reraise=True,
        )
        attempts = 0

        def counted() -> T:
            nonlocal attempts
            attempts += 1
            return work()

        try:
            return retrying(counted)
        except TryAgainError as fault:
            asked = f" The server asks to wait {fault.wait_seconds:.0f} seconds." if fault.wait_seconds else ""
            tried = "once" if attempts == 1 else f"{attempts} times"
            raise FetchError(
                f"{address} cannot be had: {fault.what} (tried {tried}).{asked}",
                "The network, or the publisher's site, does not answer as it should; nothing in RAW was changed.",
                "Try again later. Behind a proxy, set HTTPS_PROXY. Or download the file in a browser and put it "
                "into RAW.",
            ) from fault

    @contextlib.contextmanager
    def opened(self, address: str, headers: Mapping[str, str]) -> Iterator[Reply]:
        """The reply to a request, redirects followed within the site. Its body is read within the block.

        Raises
        ------
        TryAgainError
            The server is busy, or the connection failed.
        NotPublishedError, FetchError
            There is nothing at the address; the reply is refused.
        """
        with contextlib.ExitStack() as stack, _told_faults(address):
            url = address
            for _ in range(self.limits.redirects + 1):
                response = stack.enter_context(self._ask(url, headers))
                if response.status_code not in _REDIRECTS:
                    break
                # Location is in Latin-1 by the standard and in UTF-8 by custom; requests hands it on as it came.
                url = self.site.resolve(response.headers.get("Location", ""), url)
            else:
                raise FetchError(
                    f"{address} redirects more than {self.limits.redirects} times.",
                    "Such a chain has no end that could be trusted.",
                    "Open the address in a browser, or try again later.",
                )
            _refuse_status(address, response)
            if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
                raise FetchError(
                    f"{address} comes packed ({response.headers['Content-Encoding']}), though it was asked for plain.",
                    "A packed reply can unpack without end.",
                    "Try again without the proxy that packs it, or download the file in a browser.",
                )
            yield Reply(url, response.status_code, response.headers, response.raw)

    def chunks(self, reply: Reply, most_bytes: int) -> Iterator[bytes]:
        """The body of a reply as it arrives.

        Raises
        ------
        FetchError
            It has more than ``most_bytes``.
        TryAgainError
            It ended early, or took longer than a whole file may.
        """
        read, until = 0, time.monotonic() + self.limits.total_seconds
        if reply.length is not None and reply.length > most_bytes:
            raise _too_large(reply.url, reply.length, most_bytes)
        # read1 returns what has arrived, so that a server which sends a byte now and then meets the time limit.
        while chunk := reply.body.read1(CHUNK_BYTES, decode_content=False):
            read += len(chunk)
            if read > most_bytes:
                raise _too_large(reply.url, read, most_bytes)
            yield chunk
            if time.monotonic() > until:
                raise TryAgainError(f"it took longer than {self.limits.total_seconds:.0f} seconds")
        if reply.length is not None and read != reply.length:
            raise TryAgainError(f"it ended after {read:,} of {reply.length:,} bytes")

    def _ask(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        pause = self._last + self.limits.pause_seconds - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        try:
            return self._session.get(
                url,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=(self.limits.connect_seconds, self.limits.read_seconds),
            )
        finally:
            self._last = time.monotonic()


@contextlib.contextmanager
def _told_faults(address: str) -> Iterator[None]:
    """Sort what requests and urllib3 raise into what may pass and what will not."""
    try:
        yield
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError, ssl.SSLError) as fault:
        raise FetchError(
            f"The connection to {urlsplit(address).hostname} is not secure: {_reason(fault)}.",
            "Whoever answers could not show a certificate that this machine trusts, so that anybody could have sent "
            "the file.",
            "Behind a proxy that inspects traffic, add its certificate to the system's store (or name it in "
            "SSL_CERT_FILE); else try again later. The check cannot be switched off.",
        ) from fault
    except (
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidProxyURL,
        requests.exceptions.InvalidSchema,
    ) as f:
        raise FetchError(
            f"{address} cannot be asked for: {_reason(f)}.",
            "The address, or that of the proxy, is not well formed.",
            "Look at HTTPS_PROXY and at src/analysis/fetch/publisher.toml.",
        ) from f
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as fault:
        raise TryAgainError("there was no answer in time") from fault
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as fault:
        raise TryAgainError(_reason(fault)) from fault


def _reason(fault: BaseException) -> str:
    """The innermost reason, in one printable line: the libraries wrap it several times."""
    inner: BaseException = fault
    while True:
        further = getattr(inner, "reason", None)
        if not isinstance(further, BaseException):
            further = next((part for part in reversed(inner.args) if isinstance(part, BaseException)), None)
        if further is None:
            break
        inner = further
    text = " ".join(str(inner).split()) or type(inner).__name__
    return "".join(character for character in text if character.isprintable())[:200].rstrip(".")


def _refuse_status(address: str, response: requests.Response) -> None:
    status = response.status_code
    if status in (OK, PARTIAL, NOT_MODIFIED, RANGE_REFUSED):
        return
    if status in _GONE:
        raise NotPublishedError(
            f"There is nothing at {address} (status {status}).",
            "An edition has its page once it is published, and a file may be moved when it is corrected.",
            "See the publication dates on the publisher's site; if it has moved, edit "
            "src/analysis/fetch/publisher.toml.",
        )
    if status in _TRY_AGAIN:
        raise TryAgainError(f"the server answers with status {status}", _retry_after(response.headers))
    raise FetchError(
        f"{address} is refused by its server (status {status}).",
        "Without the reply there is no extract; nothing in RAW was changed.",
        "Open the address in a browser. If that works, download the file there and put it into RAW.",
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that the server asks to wait: a number or a date (RFC 9110, 10.2.3)."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    with contextlib.suppress(ValueError, TypeError):
        until = email.utils.parsedate_to_datetime(text)
        until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
        return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())
    return None


def _too_large(address: str, size: int, most: int) -> FetchError:
    return FetchError(
        f"{address} has {size:,} bytes or more, and at most {most:,} are read.",
        "That is ten times what the publisher's largest files have; something else would fill the disk.",
        "Look at the file in a browser. If it is right, raise the limit in src/analysis/fetch/publisher.toml.",
    )
