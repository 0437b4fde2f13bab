"""Networks of proxies, and what a client is counted under."""

import pytest

from bot.toolkit.networks import counted, read_networks


def test_a_proxy_may_be_written_as_a_mapped_address():
    assert read_networks("::ffff:10.0.0.0/104, ::ffff:10.1.2.3, 2001:db8::/32, ::/0") == read_networks(
        "10.0.0.0/8, 10.1.2.3/32, 2001:db8::/32, ::/0"
    )
    assert counted(("::ffff:10.9.9.9", 1, 0, 0), read_networks("::ffff:10.0.0.0/104")) == ("10.9.9.9", "")


@pytest.mark.parametrize(
    ("peer", "told"),
    [
        (("203.0.113.9", 1), ("203.0.113.9", "203.0.113.9")),
        (("::ffff:203.0.113.9", 1, 0, 0), ("203.0.113.9", "203.0.113.9")),
        (("2001:db8:1:2:3::4", 1, 0, 0), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64")),
        (("fe80::1%eth0", 1, 0, 2), ("fe80::1", "fe80::/64")),
        (("10.1.2.3", 1), ("10.1.2.3", "")),
        (("::ffff:10.1.2.3", 1, 0, 0), ("10.1.2.3", "")),
        ("", ("", "")),
    ],
)
def test_addresses_are_counted_as_their_owners(peer, told):
    assert counted(peer, read_networks("10.0.0.0/8")) == told
