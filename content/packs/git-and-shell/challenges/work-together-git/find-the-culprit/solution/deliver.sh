#!/bin/sh
# deliver.sh: run in Ana's clone. See the project's list of what has to be true
# afterwards.
set -e

git bisect start HEAD start >/dev/null
git bisect run sh -c 'test "$(sh total.sh 1 2 3)" = 6' >/dev/null
culprit=$(git log -1 --format=%s refs/bisect/bad)
git bisect reset >/dev/null 2>&1

git pull -q --ff-only
echo "$culprit" >CULPRIT
printf 'total=0\nfor n in "$@"; do total=$((total + n)); done\necho $total\n' >total.sh
git add CULPRIT total.sh
git commit -q -m "Add numbers again instead of subtracting them"

git merge -q --no-commit docs >/dev/null 2>&1 || true
{ git show :2:README.md; git show :3:README.md; } >README.new
mv README.new README.md
git add README.md
git commit -q -m "Merge the branch docs"
git push -q
