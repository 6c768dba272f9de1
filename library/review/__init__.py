"""Review: a story's way from draft to the shelf and off it again, and who may take which step."""
