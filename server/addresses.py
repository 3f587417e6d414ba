"""Addresses: whom a limit by address counts as one."""

from ipaddress import IPv6Address, ip_address, ip_network

CUSTOMER = 64  # bits of an IPv6 address that a provider gives away; the rest is the customer's own


def address_of(host: str) -> str:
    """Give what all connections of one customer have in common; unknown forms stay as they are."""
    if ":" not in host:  # nothing to cut; most are so
        return host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), CUSTOMER), strict=False))
