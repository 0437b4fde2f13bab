"""Sum up orders from a CSV file, with a bug for you to find: python orders.py FILE"""

import csv
import sys

totals = {}
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        number, price = int(row["number"]), float(row["price"])
        if number < 0:
            totals[row["item"]] -= -number * price
        else:
            totals[row["item"]] = totals.get(row["item"], 0) + number * price
for item, total in sorted(totals.items()):
    print(f"{item}: {total:.2f}")
