"""Tests of the models in ``tools/scaffold``. ``*_example.py`` is copied with them."""
