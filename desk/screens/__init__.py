"""One file per screen; each shows one answer and takes one kind of action."""
