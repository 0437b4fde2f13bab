#!/bin/sh
# sh test_sort_folder.sh [starter]: tests of sort_folder.sh in a folder that is
# made for them. With "starter", only what works from the beginning is tested.

failed=0
here=$(pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

check() {
  if [ "$2" = "$3" ]; then
    echo "ok    $1"
  else
    echo "FAIL  $1: expected '$3', got '$2'"
    failed=1
  fi
}

run() {
  sh "$here/sort_folder.sh" "$@" >"$place/out" 2>"$place/err"
  status=$?
}

run
check "without a folder it ends with 2" "$status" 2
if [ "$1" = starter ]; then
  exit "$failed"
fi

box="$place/my box"
mkdir -p "$box/txt" "$box/keep.d"
echo a >"$box/a.txt"
echo b >"$box/two words.txt"
echo c >"$box/photo.jpg"
echo d >"$box/README"
echo e >"$box/.hidden"
echo old >"$box/txt/twice.txt"
echo new >"$box/twice.txt"

run "$box"
check "files go to the folder of their ending" "$(cat "$box/txt/a.txt")" a
check "a space in a name is no problem" "$(cat "$box/txt/two words.txt")" b
check "other endings get other folders" "$(cat "$box/jpg/photo.jpg")" c
check "without an ending it goes to 'other'" "$(cat "$box/other/README")" d
check "hidden files stay" "$(cat "$box/.hidden")" e
check "folders stay" "$(ls -d "$box/keep.d")" "$box/keep.d"
check "nothing is overwritten" "$(cat "$box/txt/twice.txt")" old
check "what can't be moved stays" "$(cat "$box/twice.txt")" new
check "one line for each file that moved" "$(grep -c . "$place/out")" 4
check "what stayed is told as an error" "$(grep -c twice.txt "$place/err")" 1

run "$box"
check "a second run moves nothing" "$(grep -c . "$place/out")" 0

run "$place/nowhere"
check "a folder that isn't there is an error" "$status" 1
exit "$failed"
