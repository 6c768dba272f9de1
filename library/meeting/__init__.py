"""The weekly meeting: its picks, the agenda on paper, and what came of it."""
