"""Room: what a drill came to and which comes next."""
