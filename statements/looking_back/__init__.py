"""Room: what is learned: the review, its audits and files, the closing gate."""
