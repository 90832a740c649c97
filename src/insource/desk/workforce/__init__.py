"""The workforce tool: pay, turnover, empty posts, and what a pay offer would change. `workforce(...)` in tool.py."""
