#!/bin/sh
# sort_folder.sh FOLDER: put each file of FOLDER into a subfolder named after
# its ending, such as FOLDER/txt. Print one line for each file that moved.

if [ $# -ne 1 ]; then
  echo "usage: sort_folder.sh FOLDER" >&2
  exit 2
fi
if [ ! -d "$1" ]; then
  echo "$1: no such folder" >&2
  exit 1
fi

for path in "$1"/*; do
  [ -f "$path" ] || continue
  name=${path##*/}
  case $name in
    *.*) ending=${name##*.} ;;
    *) ending=other ;;
  esac
  mkdir -p "$1/$ending"
  if [ -e "$1/$ending/$name" ]; then
    echo "$name: already in $ending" >&2
    continue
  fi
  mv "$path" "$1/$ending/" && echo "$name -> $ending"
done
