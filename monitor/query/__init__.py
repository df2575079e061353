"""The query language: what people write about a brand becomes one tree that reads mentions and says why."""
