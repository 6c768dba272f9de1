"""How a story is learned: a telling held against its beats, the first week, what comes back when."""
