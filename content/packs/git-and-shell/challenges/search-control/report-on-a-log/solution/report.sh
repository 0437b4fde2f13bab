#!/bin/sh
# report.sh FILE: print a short report on a log with lines such as
#   09:30:02 GET /items 200 35
# (time, method, path, status, milliseconds). See the tests for its form.

if [ $# -ne 1 ] || [ ! -r "$1" ]; then
  echo "usage: report.sh FILE" >&2
  exit 2
fi

echo "requests: $(wc -l < "$1" | tr -d ' ')"

failures=$(awk '$4 ~ /^5[0-9][0-9]$/' "$1" | wc -l | tr -d ' ')
echo "failures: $failures"

busiest=$(awk '{ sub(/\?.*/, "", $3); print $3 }' "$1" | LC_ALL=C sort | uniq -c |
  LC_ALL=C sort -k1,1nr -k2,2 | head -n 2 | awk '{ print $2 " (" $1 ")" }' | paste -s -d ' ' -)
echo "busiest: ${busiest:-none}"

slowest=$(sort -k5,5n "$1" | tail -n 1 | awk '{ print $3 " (" $5 " ms)" }')
echo "slowest: ${slowest:-none}"

[ "$failures" -eq 0 ]
