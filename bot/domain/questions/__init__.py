"""What is specific to kinds of questions: grading, and matching of typed answers. Pure."""
