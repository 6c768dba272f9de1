"""How fast an answer comes beside one bare encode of the same text, and what a shelf costs to build and to keep."""
