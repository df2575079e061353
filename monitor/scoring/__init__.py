"""The trained scorer: hashed n-grams of folded text, small tables of weights, numpy and nothing else at run time."""
