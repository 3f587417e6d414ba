"""A package, so that `tests.support` is ours and not some dependency's stray `tests`."""
