"""The core: bytes and values in and out, no I/O, no clock, no randomness."""
