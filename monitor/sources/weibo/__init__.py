"""Room: the commercial API of Weibo."""
