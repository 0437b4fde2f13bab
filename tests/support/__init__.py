"""What tests of several rooms share: people, places, oracles, a database in memory."""
