"""Room: a rehearsed crisis on this machine, through real feeds, a real mail server and a real webhook."""
