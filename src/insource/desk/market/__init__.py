"""Who is paid for care, how much, and how that changes: published payments, contracts and the CQC's register joined."""
