"""The pages that leave the project, as they are read."""
