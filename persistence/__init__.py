"""Durable truth: the update log and everything that is derived from it."""
