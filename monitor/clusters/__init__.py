"""Which mentions say the same: copies of one text, and one incident told in many wordings."""
