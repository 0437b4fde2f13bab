"""Send one signed delivery to your own inbox: python send.py SECRET [NUMBER]"""

import http.client
import json
import sys
import time

from inbox import signature

secret, number = sys.argv[1], (sys.argv[2:] or ["1"])[0]
body = json.dumps({"kind": "order.paid", "order": int(number)}).encode()
now = str(int(time.time()))
headers = {
    "Content-Type": "application/json",
    "X-Delivery": f"delivery-{number}",
    "X-Timestamp": now,
    "X-Signature": signature(secret, now, body),
}
connection = http.client.HTTPConnection("127.0.0.1", 8000)
connection.request("POST", "/hooks", body, headers)
response = connection.getresponse()
print(response.status, response.read().decode())
connection.close()
