#!/bin/sh
# make_shop.sh FOLDER: make a repository in which things went wrong.
set -e
git init -q -b main "$1"
cd "$1"
git config user.name Ana
git config user.email ana@example.org

echo "apple 2" >prices.txt
git add prices.txt
git commit -q -m "Add prices"
echo "password=hunter2" >secret.ini
git add secret.ini
git commit -q -m "Add settings"
echo "pear 3" >>prices.txt
git commit -q -a -m "Add pears"

# Somebody committed good work, and then a reset went too far.
echo "fig 5" >figs.txt
git add figs.txt
git commit -q -m "Add figs"
git reset -q --hard HEAD~1

# A wrong price was committed, and good work came after it.
sed "s/apple 2/apple 200/" prices.txt >new.txt
mv new.txt prices.txt
git commit -q -a -m "Raise prices"
echo "# Shop" >README.md
git add README.md
git commit -q -m "Add a readme"

# And this is what is lying around now.
echo "kiwi 4" >kiwis.txt
git add kiwis.txt
echo "half a thought" >>README.md
