#!/bin/sh
# report.sh FILE: print a short report on a log with lines such as
#   09:30:02 GET /items 200 35
# (time, method, path, status, milliseconds). See the tests for its form.

if [ $# -ne 1 ] || [ ! -r "$1" ]; then
  echo "usage: report.sh FILE" >&2
  exit 2
fi

echo "requests: $(wc -l < "$1" | tr -d ' ')"

# Your code comes here: failures, busiest, slowest.
