#!/bin/sh
# repair.sh: run in the folder of the repository. See the project's list of
# what has to be true afterwards. Commands of Git only; edit no file by hand.
set -e

git restore README.md
git commit -q -m "Add kiwis"

lost=$(git log -g --format='%H %s' | grep ' Add figs$' | head -n 1 | cut -d' ' -f1)
git cherry-pick "$lost" >/dev/null

wrong=$(git log --format=%H -S 'apple 200' | tail -n 1)
git revert --no-edit "$wrong" >/dev/null

git rm -q --cached secret.ini
echo secret.ini >.gitignore
git add .gitignore
git commit -q -m "Stop tracking the settings"
