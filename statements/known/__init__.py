"""Room: what is known and what is said: facts with proof and chain, claims, what nobody may say yet."""
