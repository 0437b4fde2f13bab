#!/bin/sh
# repair.sh: run in the folder of the repository. See the project's list of
# what has to be true afterwards. Commands of Git only; edit no file by hand.

# Your commands come here.
