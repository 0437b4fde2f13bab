#!/bin/sh
# sort_folder.sh FOLDER: put each file of FOLDER into a subfolder named after
# its ending, such as FOLDER/txt. Print one line for each file that moved.

if [ $# -ne 1 ]; then
  echo "usage: sort_folder.sh FOLDER" >&2
  exit 2
fi

# Your code comes here. Leave folders and hidden files where they are.
