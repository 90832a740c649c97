"""insource: what it costs and what it does to buy care or to provide it."""
