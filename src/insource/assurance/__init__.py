"""What speaks for and against the model: calibration, validation, swap runs."""
