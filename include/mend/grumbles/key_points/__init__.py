"""Key grumble points: the quality specialist who answers for each, their duties, and the work done with its result."""
