"""Addresses and networks of clients."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Network = IPv4Network | IPv6Network

MAPPED_BITS = 96
"""Bits of an IPv6 address before the IPv4 address that is mapped into it."""

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.1"), ip_network("::1"))
"""Networks that a proxy on the same machine connects from."""


def read_networks(text: str) -> tuple[Network, ...]:
    """Read addresses and networks that are separated by commas. Raises ValueError.

    >>> read_networks("10.0.0.0/8, 2001:db8::1")
    (IPv4Network('10.0.0.0/8'), IPv6Network('2001:db8::1/128'))
    """
    return tuple(
        _unmapped(ip_network(part.strip(), strict=False)) for part in text.split(",") if part.strip()
    )


def _unmapped(network: Network) -> Network:
    """Return the IPv4 network that ``::ffff:10.0.0.0/104`` stands for; peers are compared as IPv4 too."""
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is None or network.prefixlen < MAPPED_BITS:
        return network
    return IPv4Network((int(mapped), network.prefixlen - MAPPED_BITS))


def counted(peer: Any, proxies: Sequence[Network]) -> tuple[str, str]:
    """Return the address of a peer, and its key for counting: empty for a proxy, of IPv6 the /64 network.

    Whoever has one IPv6 address mostly has all those of its network. ``peer`` is as the system tells it.
    """
    if not isinstance(peer, tuple):
        return "", ""
    address: IPv4Address | IPv6Address = ip_address(peer[0].partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in proxies):
        return str(address), ""
    whole = address if address.version == 4 else ip_network((int(address), 64), strict=False)
    return str(address), str(whole)
