"""Room: drills 演练. A house of its own beside the real one: own store, own recipients, own time, marked everywhere."""
