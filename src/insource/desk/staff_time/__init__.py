"""The staff-time tool: where social workers', brokers' and officers' hours go. `staff_time(...)` in tool.py."""
