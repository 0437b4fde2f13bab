#!/bin/sh
# sh test_report.sh [starter]: tests of report.sh. With "starter", only what
# works from the beginning is tested.

failed=0
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
  sh report.sh "$@" >"$place/out" 2>"$place/err"
  status=$?
}

line() {
  grep "^$1: " "$place/out" | cut -d' ' -f2-
}

run sample.log
check "it counts requests" "$(line requests)" 8
run nowhere.log
check "a file that isn't there ends with 2" "$status" 2
if [ "$1" = starter ]; then
  exit "$failed"
fi

run sample.log
check "failures are those with a status from 500" "$(line failures)" 2
check "the two busiest paths, without queries" "$(line busiest)" "/items (4) /orders (2)"
check "the slowest request" "$(line slowest)" "/orders (1004 ms)"
check "with failures it ends with 1" "$status" 1

echo "10:00:00 GET /b 200 9" >"$place/good log"
echo "10:00:01 GET /a 200 10" >>"$place/good log"
run "$place/good log"
check "a space in the name of the file is no problem" "$(line requests)" 2
check "no failures" "$(line failures)" 0
check "without failures it ends with 0" "$status" 0
check "equal counts come in alphabetical order" "$(line busiest)" "/a (1) /b (1)"
check "milliseconds are compared as numbers" "$(line slowest)" "/a (10 ms)"

: >"$place/empty"
run "$place/empty"
check "an empty log has no busiest path" "$(line busiest)" none
check "an empty log ends with 0" "$status" 0
exit "$failed"
