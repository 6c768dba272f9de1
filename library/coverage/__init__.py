"""What the shelf has and lacks, what needs care on it, and how the team used it."""
