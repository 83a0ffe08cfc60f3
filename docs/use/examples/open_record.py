"""A doctor's program against the HTTP API: takes the right that a patient gave, reads the records of the chart, verifies
the evidence of it all, and adds a record. `docs/use/other-languages.md` explains the steps.

    python3 open_record.py http://127.0.0.1:8480/hospital .medseal/network.json .medseal/parties/doctor/key.json
"""

import base64
import hashlib
import json
import secrets
import sys
import time

import age
import release
from age import require
from evidence import (
    IDENTITY, KEY, LOG, ME, ZERO32, call, canonical, digest, facts_of, root_of, sha256, sign,
    signer_of, unhex, verify_acknowledgement, verify_receipt,
)  # fmt: skip


def submit(request, grant):
    """Submits a request that relies on a grant; returns its verified entry, and what was released."""
    outcome = json.loads(call("POST", "submissions", {"request": request, "opening": grant}))
    given = outcome["acknowledgement"]
    body = verify_acknowledgement(given)
    require(body["request"] == request and body["flag"] == "A", "the entry is not the accepted request")
    return given, outcome.get("release")


def view(what, grant, record=ZERO32, version=0, **salt):
    terms, relied = grant["terms"], digest("Grant", grant)
    request = sign("View", log=LOG, what=what, handle=grant["handle"], record=record, version=version,
                   grant=relied, purpose=terms["purpose"], **salt)  # fmt: skip
    return submit(request, grant)


def grant_in(letter):
    """The grant in a letter, if it holds now and its sender is the patient; nothing otherwise."""
    sent, sealed = letter["request"], letter["sealed"]
    require(signer_of("Letter", sent["message"], sent["signature"]) == sent["party"], "another party wrote it")
    require(sent["message"]["letter"] == sha256(sealed.encode()), "it was altered")
    require(sent["message"]["to"] == ME, "it is for another party")
    grant = json.loads(age.open_file(IDENTITY, base64.b64decode(sealed))).get("grant")
    if not grant or not grant["terms"]["from"] <= time.time() < grant["terms"]["until"]:
        return None
    require(facts_of(grant["handle"])["controller"] == sent["party"], "its sender is not the patient")
    return grant


def receive_grant():
    """The newest grant in the letters that wait for this party."""
    grants = []
    for letter in json.loads(call("POST", "letters/collect", sign("Collect", taken=[]))):
        try:
            grants.append(grant_in(letter))
        except Exception as error:  # Anybody can write: one letter must not keep the others from being read.
            print(f"A letter is passed over: {visible(str(error))}", file=sys.stderr)
    held = [grant for grant in grants if grant is not None]
    require(len(held) > 0, "no letter holds a grant")
    return max(held, key=lambda grant: grant["terms"]["from"])


def opener_for(packet, write):
    """The seed of the identity that opens the file of a write; of a right to one record what it gives for the file alone."""
    if packet["identities"]:
        return identity_for(packet, write["epoch"], write["category"]), None
    own = packet.get("files", {}).get(write["file"])
    require(own is not None, "the key of this file is erased, or pending until a device of the patient connects")
    return None, unhex(own)


def identity_for(packet, epoch, category):
    """The seed of the identity of an epoch: that of the nearest later epoch in the packet, hashed back."""
    tip = min(listed for listed in map(int, packet["identities"]) if listed >= epoch)
    seed = age.bech32("age-secret-key-pq-", packet["identities"][str(tip)][category])
    for _ in range(tip - epoch):
        seed = hashlib.sha256(b"medseal/1/earlier-epoch" + seed).digest()
    return seed


def write_of(entry, handle):
    """The author's request that put a version on a chart, from its entry: a refused one is an entry too."""
    body = verify_acknowledgement(entry)
    request = body["request"]
    require(request["type"] == "Write" and body["flag"] == "A", "the entry puts nothing on the chart")
    require(request["message"]["handle"] == handle, "the entry is of another chart")
    return request["message"]


def read_records(grant):
    """Opens every record of the chart; gives the entry of each view, the author's request, and the content."""
    _, chart = view("chart", grant)
    packet = json.loads(age.open_file(IDENTITY, base64.b64decode(chart["packet"])))
    require(packet["handle"] == grant["handle"], "the packet is of another chart")
    reader = release.Reader()
    for place, entry in enumerate(chart["records"]):
        write = write_of(entry, grant["handle"])
        seen, released = view("record", grant, write["record"], write["version"], salt=reader.salt(place))
        sealed = call("GET", f"files/{write['file']}", authorization=f"Bearer {released['ticket']}")
        require((sha256(sealed), len(sealed)) == (write["file"], write["size"]), "it is another file")
        seed, own = opener_for(packet, write)
        yield seen, write, reader.open(seed, own, sealed, write, seen, place, grant)


def add(grant, category, content):
    """Seals a record to the patient's present epoch, uploads it, and has it logged."""
    handle = grant["handle"]
    patient = facts_of(handle)
    served = json.loads(call("GET", f"sheets/{handle}/{patient['epoch']}"))
    sheet, place = served["sheet"], patient["epoch"] - patient["first"]
    leaf = hashlib.sha256(canonical(sheet)).digest()
    root = root_of(leaf, place, patient["count"], served["proof"])
    require(root == patient["root"], "the patient did not commit to these recipients")
    sealed_for = (sheet["handle"], sheet["epoch"])
    require(sealed_for == (handle, patient["epoch"]), "the recipients are of another epoch")
    write = {"handle": handle, "record": "0x" + secrets.token_hex(32), "version": 1, "category": category}
    sealed = release.seal(sheet, write, content)
    named = {"log": LOG, "file": sha256(sealed), "size": len(sealed)}
    upload = age.base64_of(canonical(sign("Upload", **named)))
    upload = upload.replace("+", "-").replace("/", "_")
    call("PUT", f"files/{named['file']}", sealed, authorization=f"Upload {upload}")
    request = sign("Write", **named, **write, action="add", begunBy=ME, about=ZERO32, epoch=patient["epoch"],
                   grant=digest("Grant", grant), purpose=grant["terms"]["purpose"])  # fmt: skip
    return submit(request, grant)[0]


def visible(text):
    """Text that others wrote, without what a terminal would obey."""
    return "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text)


def main():
    grant = receive_grant()
    entries = []
    for seen, write, content in read_records(grant):
        print(f"{write['category']} record {write['record'][:10]}…, version {write['version']}:")
        print(visible(content.decode(errors="replace").strip()))
        entries.append(("view", seen))
    note = f"Seen by {KEY['name']}, from Python.".encode()
    entries.append(("addition", add(grant, grant["terms"]["categories"][0], note)))
    for what, given in entries:
        size = verify_receipt(given)
        print(f"The {what} is entry {given['index']} of {given['log']}, in a checkpoint of {size}.")


if __name__ == "__main__":
    try:
        main()
    except ValueError as error:
        sys.exit(visible(str(error)))
