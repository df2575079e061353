"""Room: what may be said and how: wording rules, faults, document rules, strategies."""
