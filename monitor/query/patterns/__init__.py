"""Regular expressions that no pattern and no text can slow down: read once, in linear time, yes or no."""
