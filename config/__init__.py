"""Ground floor: settings, errors and the clock. Imports nothing of ours."""
