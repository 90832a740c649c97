"""The in-house pool at work: rota, routes and re-planning for home care."""
