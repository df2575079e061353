"""What people do to the words that count before they save them: change, try, compare, join with another's changes."""
