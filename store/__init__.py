"""Cellar: nouns, tables, the agenda and every query. The only room that speaks SQL."""
