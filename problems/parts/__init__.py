"""What several problems share: instance data, formulations, random instances, violations."""
