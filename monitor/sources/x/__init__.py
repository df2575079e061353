"""Room: the API of X, where every post read costs money."""
