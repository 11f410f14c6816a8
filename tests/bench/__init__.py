"""Measurements against other programs, on libraries that are given as arguments; nothing here is run by the tests."""
