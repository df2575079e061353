"""Room: the way of a text to a yes: states, reviewers, objections, lent rights, edits."""
