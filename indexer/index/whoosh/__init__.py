"""The embedded engine: a real Whoosh index, whose postings are evaluated as arrays."""
