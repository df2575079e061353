"""Roof: everything a person or a process starts."""
