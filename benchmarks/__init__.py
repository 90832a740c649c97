"""Speed and memory, and named peers on the same task in the same run. `make benchmarks`."""
