"""The contract suite of ``adapters/contract``, run on every platform: one ``on_<name>.py`` for each."""
