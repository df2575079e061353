"""Room: one HTTP exchange with a stranger: addresses, redirects, sizes and time are capped."""
