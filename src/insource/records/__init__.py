"""Reading the files a council already has: every problem listed, nothing guessed, nothing personal kept."""
