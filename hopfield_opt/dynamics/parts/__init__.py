"""What several dynamics share: states, temperatures, graded neurons."""
