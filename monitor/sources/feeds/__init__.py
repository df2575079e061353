"""Room: RSS, Atom, RDF and JSON Feed, in whatever state they come."""
