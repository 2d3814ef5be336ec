"""Which addresses may be asked, and where an address of the publisher is asked for when there is a mirror."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from analysis.errors import UsageError
from analysis.fetch.errors import FetchError

_HTTPS_PORT = 443
# What stays as it is in an address; everything else (blanks, letters beyond ASCII) is written as %XX.
_SAFE = "/:?#[]@!$&'()*+,;=%~-._"


@dataclass(frozen=True)
class Site:
    """The publisher's site, or a mirror of it.

    Parameters
    ----------
    address
        Where paths start: the publisher's own site, or the mirror's ``--base-url``.
    hosts
        The publisher's hosts.
    mirrored
        Whether ``address`` is a mirror. Then it alone is asked, and an address at one of ``hosts`` is looked for there
        under the same path.
    """

    address: str
    hosts: tuple[str, ...]
    mirrored: bool = False

    def at(self, path: str) -> str:
        """The address of a path of the publisher's site."""
        return f"{self.address}{path}"

    def resolve(self, link: str, page: str) -> str:
        """The address to ask for a link, or a redirect, that stands in ``page``.

        Raises
        ------
        FetchError
            It is not https, or leads to another host.
        """
        try:
            address = quote(urljoin(page, link.strip()), safe=_SAFE)
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise _refused(link, "it is no address") from None
        own = urlsplit(self.address)
        if self.mirrored and (parts.scheme, host, port) == (own.scheme, own.hostname, own.port):
            return _without_fragment(parts)
        if parts.username is not None or parts.scheme != "https" or port not in (None, _HTTPS_PORT):
            raise _refused(address, "only https addresses without a user name or a port are used")
        if host not in self.hosts:
            raise _refused(address, f"{host or 'it'} is not one of the hosts {', '.join(self.hosts)}")
        if self.mirrored:
            return f"{self.address}{parts.path}{'?' + parts.query if parts.query else ''}"
        return _without_fragment(parts)


def site_of(publisher_site: str, hosts: tuple[str, ...], base_url: str = "") -> Site:
    """The publisher's site, or the mirror at ``base_url``.

    Raises
    ------
    UsageError
        ``base_url`` is no https address. http is allowed for this machine alone (a mirror under test), where nobody can
        listen or change what is sent.
    """
    if not base_url:
        return Site(publisher_site, hosts)
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = SplitResult("", "", "", "", ""), ""
    good = parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))
    if not (good and host) or parts.query or parts.fragment or parts.username is not None:
        raise UsageError(
            f"The base URL {base_url!r} cannot be used.",
            "Extracts are downloaded over https, so that nobody can change them on the way; plain http is allowed "
            "for this machine alone (127.0.0.1, ::1 or localhost).",
            "Give an address such as https://mirror.example.org/nhs, or leave --base-url out for the publisher's site.",
        )
    return Site(base_url.rstrip("/"), hosts, mirrored=True)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_fragment(parts: SplitResult) -> str:
    return parts._replace(fragment="").geturl()


def _refused(address: str, reason: str) -> FetchError:
    shown = "".join(character if character.isprintable() else "\ufffd" for character in address)[:300]
    return FetchError(
        f"The address {shown} is not used: {reason}.",
        "A page or a redirect may lead anywhere; extracts are taken from the publisher's own hosts alone.",
        "Look at the page in a browser. If the publisher has moved, add the new host to "
        "src/analysis/fetch/publisher.toml.",
    )
