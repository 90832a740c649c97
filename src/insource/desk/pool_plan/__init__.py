"""The pool-plan tool: hours and posts a team must hold. `pool_plan(...)` in tool.py."""
