"""10,000 webhooks within a minute, over HTTP, while a file is being imported: how soon each is answered, and whether
every message is in the book, once.

Web server, worker and import are processes of their own, as in earnest. They arrive evenly, some a second time.
"""

import csv
import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from channels.models import Channel
from contacts.models import Contact, ContactImport, InboundEvent, Message
from tests.processes import free_port, wait_for

WEBHOOKS, SECONDS = 10_000, 60
PEOPLE = 1_000
AGAIN = 20  # every so many are delivered twice
SENDERS = 8
PATIENCE = 600
APP_SECRET = "benchmark"  # noqa: S105 - signs what we send ourselves


def run(rows: int) -> Iterator[dict[str, Any]]:
    """Figures of the empty database that is connected, with an import of `rows` rows beside."""
    channel = Channel.objects.create(
        name="Webhooks", type="whatsapp", provider="meta", credentials={"app_secret": APP_SECRET}
    )
    Channel.objects.create(name="Import", type="sms", default_country="NL")
    User.objects.create_user("benchmark")
    port = free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = _file(folder, rows)
        server = ["granian", "--interface", "wsgi", "--no-ws", "--blocking-threads", "8", "--port", str(port)]
        _start(stack, "-m", *server, "contactbook.wsgi:application")
        _start(stack, "manage.py", "worker", "--queue", "inbound")
        wait_for(lambda: _answers(port), "the web server")
        importing = _start(stack, "manage.py", "import_contacts", file, "--channel", "Import", "--existing", "update")
        wait_for(ContactImport.objects.exists, "the import")
        began = time.perf_counter()
        with ThreadPoolExecutor(SENDERS) as pool:
            senders = [pool.submit(_send, port, channel, number, began) for number in range(SENDERS)]
            answers = sorted(seconds for sender in senders for seconds in sender.result())
        yield {
            "step": "answered",
            "answers": len(answers),
            "seconds": round(time.perf_counter() - began, 1),
            "p50_ms": round(1000 * answers[len(answers) // 2], 1),
            "p95_ms": round(1000 * answers[len(answers) * 95 // 100], 1),
            "max_ms": round(1000 * answers[-1], 1),
            "import_was_running": importing.poll() is None,
        }
        while InboundEvent.objects.filter(state="waiting").exists() and time.perf_counter() < began + PATIENCE:
            time.sleep(0.2)
        messages = Message.objects.filter(channel=channel)
        ids = messages.values("provider_message_id").distinct().count()
        yield {
            "step": "in the book",
            "seconds": round(time.perf_counter() - began, 1),
            "lost": WEBHOOKS - ids,
            "doubled": messages.count() - ids,
            "contacts": Contact.objects.filter(channel=channel).count(),
        }


def _start(stack: ExitStack, *arguments: str | Path) -> "subprocess.Popen[bytes]":
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=os.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )
    stack.callback(process.terminate)  # a killed web server would leave its own processes behind
    return process


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _send(port: int, channel: Channel, sender: int, began: float) -> list[float]:
    """Deliver a share of the webhooks, each when it is due; how long each answer took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    seconds = []
    for number in range(sender, WEBHOOKS, SENDERS):
        time.sleep(max(0.0, began + SECONDS * number / WEBHOOKS - time.perf_counter()))
        body = _body(number)
        signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Host": "localhost", "X-Hub-Signature-256": f"sha256={signature}"}
        for _turn in range(1 + (number % AGAIN == 0)):
            asked = time.perf_counter()
            connection.request("POST", f"/webhooks/{channel.webhook_token}/", body, headers)
            answer = connection.getresponse()
            answer.read()
            seconds.append(time.perf_counter() - asked)
            if answer.status != 200:
                raise RuntimeError(f"The answer was {answer.status}.")
    connection.close()
    return seconds


def _body(number: int) -> bytes:
    sender = f"316{20_000_000 + number * 7919 % PEOPLE}"
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31612345678", "phone_number_id": "1122334455667"},
        "contacts": [{"profile": {"name": f"Person {sender[-3:]}"}, "wa_id": sender, "user_id": f"NL.{sender}"}],
        "messages": [
            {
                "from": sender,
                "id": f"wamid.{number:08}",
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": f"Where is order {number}? It should have been here on Tuesday."},
            }
        ],
    }
    entry = {"id": "0", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _file(folder: Path, rows: int) -> Path:
    path = folder / "contacts.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["phoneNumber", "name", "reference", "Country"])
        writer.writerows([f"316{40_000_000 + row}", f"Person {row}", f"K-{row}", "Nederland"] for row in range(rows))
    return path
