"""The articles' claims as experiments that can come out either way."""
