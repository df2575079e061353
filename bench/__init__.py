"""Room: figures, each beside its named baseline in one run."""
