"""The program: command line, bootstrap, settings, demo. It alone sees everything."""
