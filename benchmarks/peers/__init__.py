"""What `benchmarks/peers.py` runs and compares: the log, one module per contender, the answers and the table."""
