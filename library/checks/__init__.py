"""Checks: what makes a text a two-minute customer story, and a sentence for what is amiss."""
