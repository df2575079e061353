"""Room: what people ask and what we answer: mining, sheet, library."""
