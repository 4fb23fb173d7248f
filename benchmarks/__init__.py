"""What `make bench` measures, each figure beside its limit, as JSON lines."""
