"""Tests of the Slack adapter and of the loopback Slack that they use."""
