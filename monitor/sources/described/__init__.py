"""Room: HTTP-JSON places that settings describe: request, map, cursor, errors."""
