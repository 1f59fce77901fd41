"""Who is really asking, when a reverse proxy stands in front."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class TrustedProxyMiddleware:
    """Put the client's own address into REMOTE_ADDR, believing only the proxies of TRUSTED_PROXIES.

    X-Forwarded-For is read from the right, as far as the addresses are trusted: what stands left of that was
    written by the client. X-Forwarded-Proto and -For of anybody else are dropped.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = [ip_network(cidr, strict=False) for cidr in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Correct the request's META before anything else reads it."""
        meta = request.META
        if is_in(meta.get("REMOTE_ADDR", ""), self.trusted):
            hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
            while hops and is_in(meta["REMOTE_ADDR"], self.trusted) and is_address(hops[-1]):
                meta["REMOTE_ADDR"] = hops.pop()
        else:
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
            meta.pop("HTTP_X_FORWARDED_FOR", None)
        return self.get_response(request)


def is_address(text: str) -> bool:
    """Tell whether the text is one IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_in(address: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    """Tell whether the address belongs to one of the networks; text that is no address never does."""
    return is_address(address) and any(ip_address(address) in network for network in networks)
