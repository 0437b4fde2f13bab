"""Send one signed delivery to your own inbox: python send.py SECRET [NUMBER]"""

import json
import sys
import time
import urllib.error
import urllib.request

from inbox import signature

secret, number = sys.argv[1], (sys.argv[2:] or ["1"])[0]
body = json.dumps({"kind": "order.paid", "order": int(number)}).encode()
now = str(int(time.time()))
request = urllib.request.Request(
    "http://127.0.0.1:8000/hooks",
    data=body,
    headers={
        "Content-Type": "application/json",
        "X-Delivery": f"delivery-{number}",
        "X-Timestamp": now,
        "X-Signature": signature(secret, now, body),
    },
)
try:
    with urllib.request.urlopen(request) as response:
        print(response.status, response.read().decode())
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
