#!/bin/sh
# sh test_repair.sh [starter]: make the repository, run repair.sh in it, and
# look at the result. With "starter", only the repository is made.

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

sh make_shop.sh "$place/shop" 2>/dev/null
cd "$place/shop" || exit 1
check "the shop is made" "$(git log --format=%s -1)" "Add a readme"
if [ "$1" = starter ]; then
  exit "$failed"
fi

before=$(git rev-parse HEAD)
sh "$here/repair.sh" >"$place/out" 2>&1
check "repair.sh ends well" "$?" 0
check "the lost commit is back" "$(git show HEAD:figs.txt 2>&1)" "fig 5"
check "apples cost 2 again" "$(git show HEAD:prices.txt | head -n 1)" "apple 2"
check "pears are still there" "$(git show HEAD:prices.txt | tail -n 1)" "pear 3"
check "the kiwis are committed" "$(git show HEAD:kiwis.txt 2>&1)" "kiwi 4"
check "the half thought isn't" "$(git show HEAD:README.md)" "# Shop"
check "it's gone from the file too" "$(cat README.md)" "# Shop"
check "the secret isn't tracked any more" "$(git ls-files secret.ini)" ""
check "but it's still on the disk" "$(cat secret.ini)" "password=hunter2"
check "and Git leaves it alone" "$(git check-ignore secret.ini)" "secret.ini"
check "nothing is left to commit" "$(git status --short)" ""
git merge-base --is-ancestor "$before" HEAD
check "no commit was rewritten" "$?" 0
exit "$failed"
