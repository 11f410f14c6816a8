"""Reads a library: its settings, its folder, its pages, and the files that they name."""
