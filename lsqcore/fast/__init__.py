"""The same answers, sooner or to more digits: takes arrays, gives arrays, and knows nothing of the rooms in front."""
