"""The search held against what a team would use instead: python -m benchmarks.quality, python -m benchmarks.speed."""

from datetime import date

DAY = date(2026, 11, 22)
"""The day the labels were written for, so that the same stories are tellable in every run; LIBRARY_TODAY overrides."""
