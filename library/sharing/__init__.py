"""What may be said of a customer, and what is taken along: rights, safe wording, the call brief, the feed."""
