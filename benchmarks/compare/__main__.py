"""Measures our server beside its peers: python -m benchmarks.compare --help."""

from benchmarks.compare.command import ALONE, main

main(ALONE)
