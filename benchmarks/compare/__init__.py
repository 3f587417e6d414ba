"""Our server beside its peers: the same load on each, on one core, and what it costs."""
