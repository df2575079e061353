"""Room: how texts are made: templates, what they may borrow, which version counts."""
