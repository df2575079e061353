"""Room: what the law wants by when."""
