"""Room: what others bring or push, from any table or JSON into mentions, each row for itself, refused with a reason."""
