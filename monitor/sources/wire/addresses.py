"""Decides which network addresses a source may reach: the resolved ones, not the spelling of the host."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from config.errors import InputError, SourceError
from store.nouns import Outcome

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# (host, port) -> textual addresses; raises OSError when the name does not resolve.
Resolver = Callable[[str, int], Sequence[str]]

_FORBIDDEN: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
        "3fff::/20",
    )
)  # fmt: skip
# The internet of IPv6 is this one block; all else is local, reserved or a way of writing IPv4.
_IPV6_INTERNET: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE: Final = IPv6Network("::/96")


def resolve(host: str, port: int) -> list[str]:
    """Every address the system gives for `host`, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Whether the address is on the open internet, also when it hides an IPv4 address inside an IPv6 one."""
    inner = _inner(address)
    if inner is not None:
        return is_public(inner)
    if isinstance(address, IPv6Address) and address not in _IPV6_INTERNET:
        return False
    if any(address.version == network.version and address in network for network in _FORBIDDEN):
        return False
    return address.is_global and not address.is_multicast


def _inner(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The inside places an operator named: hosts and ports by name, and networks by address."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()
    networks: tuple[tuple[Network, int | None], ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def read(cls, entries: Sequence[str]) -> "Allowed":
        """Reads `host`, `host:port`, `address`, `address:port`, `[v6]:port` or `network/bits`; InputError otherwise."""
        hosts: set[tuple[str, int | None]] = set()
        networks: list[tuple[Network, int | None]] = []
        for entry in entries:
            name, port = _split(entry.strip())
            network = _network(name, entry)
            if network is not None:
                networks.append((network, port))
            else:
                hosts.add((name.lower().rstrip("."), port))
        return cls(frozenset(hosts), tuple(networks), tuple(entries))

    def covers(self, host: str, port: int, address: Address) -> bool:
        """Whether `address`, reached under this name and port, was named by the operator."""
        name = host.lower().rstrip(".")
        if (name, None) in self.hosts or (name, port) in self.hosts:
            return True
        seen = _mapped(address)
        return any(
            seen.version == network.version and seen in network and allowed_port in (None, port)
            for network, allowed_port in self.networks
        )


def checked(host: str, port: int, allowed: Allowed, resolver: Resolver) -> list[str]:
    """The addresses of `host` that may be dialled, never empty.

    SourceError: outcome network when the name does not resolve; blocked and permanent when any address is inside and
    not allowed. One inside address spoils the whole answer: an honest public name does not mix them.
    """
    try:
        texts = list(resolver(host, port))
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{host}: the name does not resolve", outcome=Outcome.NETWORK) from error
    if not texts:
        raise SourceError(f"{host}: the name has no address", outcome=Outcome.NETWORK)
    for text in texts:
        if not _may_dial(host, port, text, allowed):
            raise SourceError(_refusal(host, port, allowed), outcome=Outcome.BLOCKED, permanent=True)
    return texts


def _may_dial(host: str, port: int, text: str, allowed: Allowed) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return is_public(address) or allowed.covers(host, port, address)


def _refusal(host: str, port: int, allowed: Allowed) -> str:
    named = ", ".join(allowed.words) or "none"
    return (
        f"{host}: port {port} leads to an inside address; allowed are public addresses "
        f"and the inside places named in service.toml, reading.allow ({named})"
    )


def _mapped(address: Address) -> Address:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _split(entry: str) -> tuple[str, int | None]:
    """Host part and port of an entry; a bare IPv6 address has colons but no port."""
    name, colon, port = entry.rpartition(":")
    if entry.startswith("["):
        inside, _, tail = entry[1:].partition("]")
        name, colon, port = (inside, ":", tail[1:]) if tail else (inside, "", "")
        entry = inside
    elif ":" in name:
        return entry, None
    if not colon:
        return entry, None
    if not name or not port.isdecimal() or not 0 < int(port) < 65536:
        raise InputError(f"allowed place {entry!r}: use host, host:port, an address or a network like 10.1.0.0/16")
    return name, int(port)


def _network(name: str, entry: str) -> Network | None:
    try:
        return ip_network(name)
    except ValueError as error:
        if not name or "/" in name or " " in name:
            raise InputError(
                f"allowed place {entry!r}: use host, host:port, an address or a network like 10.1.0.0/16"
            ) from error
        return None
