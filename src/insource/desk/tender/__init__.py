"""The tender laboratory: what a tender's prices, marks and rules do, before it is published and after bids are in."""
