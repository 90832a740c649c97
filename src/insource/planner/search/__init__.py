"""The search for a day's plan: take strings of legs out, put them back better, keep what is cheaper on the whole."""
