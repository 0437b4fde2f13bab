#!/bin/sh
# make_server.sh FOLDER: make a server and two clones, FOLDER/ana and FOLDER/ben.
set -e
mkdir "$1"
cd "$1"
git init -q --bare -b main server.git
git clone -q server.git ana 2>/dev/null
cd ana
git config user.name Ana
git config user.email ana@example.org

# total.sh adds up numbers. One of these commits broke it.
n=1
while [ "$n" -le 20 ]; do
  if [ "$n" -lt 13 ]; then sign=+; else sign=-; fi
  printf 'total=0\nfor n in "$@"; do total=$((total %s n)); done\necho $total\n' "$sign" >total.sh
  echo "change $n" >>changes.txt
  git add .
  git commit -q -m "Change $n"
  n=$((n + 1))
done
git tag start HEAD~19
git push -q -u origin main --tags
cd ..
git clone -q server.git ben
cd ben
git config user.name Ben
git config user.email ben@example.org

# Ben has pushed a readme. Ana has a branch from before, with another one.
echo "Adds up numbers." >README.md
git add .
git commit -q -m "Explain what it does"
git push -q
cd ../ana
git switch -q -c docs
echo "Usage: sh total.sh 1 2 3" >README.md
git add .
git commit -q -m "Explain how to call it"
git switch -q main
