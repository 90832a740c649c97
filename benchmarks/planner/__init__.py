"""Is the planner any good? Published days with two carers at one door, against the best results published."""
