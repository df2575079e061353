"""Wing: incidents, the one-hour clock, escalation and the delivery of pages."""
