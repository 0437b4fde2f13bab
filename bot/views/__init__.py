"""Views: messages made from domain values. Pure, one file for each subject."""
