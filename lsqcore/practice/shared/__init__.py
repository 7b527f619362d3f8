"""What the lessons' modules share."""
