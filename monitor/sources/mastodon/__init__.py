"""Room: servers that speak the API of Mastodon."""
