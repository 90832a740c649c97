"""The command line: one sub-command for each tool. Parse, call, print."""
