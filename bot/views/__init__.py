"""From domain values to messages: pure, one file for each subject."""
