"""Networks of proxies, and what a client is counted under."""

from bot.toolkit.networks import counted, read_networks


def test_a_proxy_may_be_written_as_a_mapped_address():
    assert read_networks("::ffff:10.0.0.0/104, ::ffff:10.1.2.3, 2001:db8::/32, ::/0") == read_networks(
        "10.0.0.0/8, 10.1.2.3/32, 2001:db8::/32, ::/0"
    )
    assert counted(("::ffff:10.9.9.9", 1, 0, 0), read_networks("::ffff:10.0.0.0/104")) == ("10.9.9.9", "")
