#!/bin/sh
# sh test_deliver.sh [starter]: make the server, run deliver.sh in Ana's clone,
# and look at what Ben gets. With "starter", only the server is made.

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

sh make_server.sh "$place/team" 2>/dev/null
cd "$place/team/ana" || exit 1
check "the server is made" "$(git rev-list --count main)" 20
if [ "$1" = starter ]; then
  exit "$failed"
fi

sh "$here/deliver.sh" >"$place/out" 2>&1
check "deliver.sh ends well" "$?" 0
cd "$place/team/ben" || exit 1
before=$(git rev-parse HEAD)
git pull -q --ff-only
check "Ben gets it without a conflict" "$?" 0
check "sums are right" "$(sh total.sh 1 2 3)" 6
check "the culprit is named" "$(cat CULPRIT)" "Change 13"
check "Ben's line is there" "$(grep -c 'Adds up numbers.' README.md)" 1
check "Ana's line is there" "$(grep -c 'Usage: sh total.sh 1 2 3' README.md)" 1
check "no marks of a conflict are left" "$(grep -c '^[<=>]\{7\}' README.md)" 0
check "the branch docs was merged" "$(git log --format=%s | grep -c 'Explain how to call it')" 1
git merge-base --is-ancestor "$before" HEAD
check "Ben's commit wasn't replaced" "$?" 0
exit "$failed"
