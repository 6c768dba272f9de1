"""Why They Bought: a library of two-minute customer stories, searched by talking to it."""
