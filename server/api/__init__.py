"""The HTTP interface: /api/v1, health, metrics and its own description."""
