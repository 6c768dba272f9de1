"""A whole pipeline at once: situations or deals out of a file, each with its story and what its notes do not say."""
