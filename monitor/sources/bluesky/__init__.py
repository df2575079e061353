"""Room: the network of Bluesky."""
