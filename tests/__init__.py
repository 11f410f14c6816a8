"""Tests, one file per room; their names are sentences about what Handlist does."""
