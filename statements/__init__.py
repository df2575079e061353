"""Wing: facts, drafts, wording, approval, publication and the review."""
