"""Papers that a council must write, filled with what a run shows; what is left to people stays blank."""
