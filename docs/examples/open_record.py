"""A doctor's program against the HTTP API: takes the right that a patient gave, reads the records of the chart, verifies
the evidence of it all, and adds a record. `docs/other-languages.md` explains the steps.

    python3 open_record.py http://127.0.0.1:8480/hospital .medseal/network.json .medseal/parties/doctor/key.json
"""

import base64
import hashlib
import json
import secrets
import time

import age
from evidence import (
    IDENTITY, KEY, LOG, ME, ZERO32, call, canonical, digest, facts_of, root_of, sha256, sign,
    signer_of, verify_acknowledgement, verify_receipt,
)  # fmt: skip


def submit(request, grant):
    """Submits a request that relies on a grant; returns its verified entry, and what was released."""
    outcome = json.loads(call("POST", "submissions", {"request": request, "opening": grant}))
    given = outcome["acknowledgement"]
    body = verify_acknowledgement(given)
    assert body["request"] == request and body["flag"] == "A"
    return given, outcome.get("release")


def view(what, grant, record=ZERO32, version=0):
    terms, relied = grant["terms"], digest("Grant", grant)
    request = sign("View", log=LOG, what=what, handle=grant["handle"], record=record, version=version,
                   grant=relied, purpose=terms["purpose"])  # fmt: skip
    return submit(request, grant)


def receive_grant():
    """The newest grant in the letters that wait for this party, if the patient of its chart sent it."""
    now = int(time.time())
    grants = []
    request = sign("Collect", taken=[])
    for letter in json.loads(call("POST", "letters/collect", request)):
        sent, sealed = letter["request"], letter["sealed"]
        assert signer_of("Letter", sent["message"], sent["signature"]) == sent["party"]
        assert sent["message"]["letter"] == sha256(sealed.encode()) and sent["message"]["to"] == ME
        grant = json.loads(age.open_file(IDENTITY, base64.b64decode(sealed))).get("grant")
        if grant and grant["terms"]["from"] <= now < grant["terms"]["until"]:
            assert facts_of(grant["handle"])["controller"] == sent["party"]
            grants.append(grant)
    return max(grants, key=lambda grant: grant["terms"]["from"])


def identity_for(packet, epoch, category):
    """The seed of the identity of an epoch: that of the nearest later epoch in the packet, hashed back."""
    tip = min(listed for listed in map(int, packet["identities"]) if listed >= epoch)
    seed = age.bech32("age-secret-key-pq-", packet["identities"][str(tip)][category])
    for _ in range(tip - epoch):
        seed = hashlib.sha256(b"medseal/1/earlier-epoch" + seed).digest()
    return seed


def read_records(grant):
    """Opens every record of the chart; gives the entry of each view, the author's request, and the content."""
    _, chart = view("chart", grant)
    packet = json.loads(age.open_file(IDENTITY, base64.b64decode(chart["packet"])))
    assert packet["handle"] == grant["handle"]
    for entry in chart["records"]:
        write = verify_acknowledgement(entry)["request"]["message"]
        assert write["handle"] == grant["handle"]
        seen, release = view("record", grant, write["record"], write["version"])
        sealed = call("GET", f"files/{write['file']}", authorization=f"Bearer {release['ticket']}")
        assert (sha256(sealed), len(sealed)) == (write["file"], write["size"])
        seed = identity_for(packet, write["epoch"], write["category"])
        yield seen, write, age.open_file(seed, sealed)


def add(grant, category, content):
    """Seals a record to the patient's present epoch, uploads it, and has it logged."""
    handle = grant["handle"]
    patient = facts_of(handle)
    served = json.loads(call("GET", f"sheets/{handle}/{patient['epoch']}"))
    sheet, place = served["sheet"], patient["epoch"] - patient["first"]
    leaf = hashlib.sha256(canonical(sheet)).digest()
    assert root_of(leaf, place, patient["count"], served["proof"]) == patient["root"]
    assert (sheet["handle"], sheet["epoch"]) == (handle, patient["epoch"])
    sealed = age.seal(sheet["recipients"][category], content)
    named = {"log": LOG, "file": sha256(sealed), "size": len(sealed)}
    upload = age.base64_of(canonical(sign("Upload", **named)))
    upload = upload.replace("+", "-").replace("/", "_")
    call("PUT", f"files/{named['file']}", sealed, authorization=f"Upload {upload}")
    request = sign("Write", **named, action="add", handle=handle, record="0x" + secrets.token_hex(32),
                   version=1, category=category, epoch=patient["epoch"], grant=digest("Grant", grant),
                   purpose=grant["terms"]["purpose"])  # fmt: skip
    return submit(request, grant)[0]


if __name__ == "__main__":
    grant = receive_grant()
    entries = []
    for seen, write, content in read_records(grant):
        print(f"{write['category']} record {write['record'][:10]}…, version {write['version']}:")
        print(content.decode(errors="replace").strip())
        entries.append(("view", seen))
    note = f"Seen by {KEY['name']}, from Python.".encode()
    entries.append(("addition", add(grant, grant["terms"]["categories"][0], note)))
    for what, given in entries:
        size = verify_receipt(given)
        print(f"The {what} is entry {given['index']} of {given['log']}, in a checkpoint of {size}.")
