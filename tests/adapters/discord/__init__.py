"""Tests of the Discord adapter and of the loopback Discord that they use."""
