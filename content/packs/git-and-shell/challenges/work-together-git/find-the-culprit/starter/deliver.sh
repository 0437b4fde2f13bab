#!/bin/sh
# deliver.sh: run in Ana's clone. See the project's list of what has to be true
# afterwards.

# Your commands come here.
