"""Capture: from a conversation with a customer to a story on the shelf."""
