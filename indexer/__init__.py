"""Builds the index of a resource library: reads its pages, extracts its files and publishes what was found."""

__version__ = "0.1.0"
