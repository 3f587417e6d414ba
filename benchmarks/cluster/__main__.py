"""Measures two instances around one Redis: python -m benchmarks.cluster --help."""

from benchmarks.cluster.servers import TOGETHER
from benchmarks.compare.command import main

main(TOGETHER)
