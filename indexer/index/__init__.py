"""The index contract: all that the building and the answering half know of each other."""
