"""The program: command line, bootstrap, settings, demo. No other package sees all the others."""
