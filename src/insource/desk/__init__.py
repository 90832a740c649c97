"""Desk tools: each answers one question from files a council already has. Pure functions from tables to a Result."""
