"""Wing: hearing and judging, from feed bytes to a spike with a proposed level."""
