"""Signs requests, calls an agent, and verifies its answers against the pinned network file."""

import base64
import hashlib
import json
import pathlib
import secrets
import sys
import time
import urllib.error
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

import age
from age import require

AGENT = sys.argv[1]
NETWORK, KEY = (json.loads(pathlib.Path(path).read_text()) for path in sys.argv[2:4])
# The structs are part of this program: a node that could change them could change what is signed.
VECTORS = pathlib.Path(__file__).parents[2] / "reference/vectors/signing.json"
TYPES = json.loads(VECTORS.read_text())["types"]
DOMAIN = {"name": "Medseal", "version": "1", "chainId": NETWORK["ledger"]["chainId"], "salt": NETWORK["networkId"]}
DOMAIN_TYPE = {"name": "string", "version": "string", "chainId": "uint256", "salt": "bytes32"}
CHANNEL = NETWORK["channels"][0]
LOGS = {log["name"]: log for log in CHANNEL["logs"]}
LOG = next(name for name, log in LOGS.items() if log["organisation"] == KEY["organisation"])
ZERO32 = "0x" + "00" * 32

SEED = bytes.fromhex(KEY["seed"][2:])
SIGNING_KEY = Account.from_key(age.derive(SEED, None, b"medseal/1/signing-key"))
IDENTITY = age.derive(SEED, None, b"medseal/1/age-identity")
ME = SIGNING_KEY.address.lower()


def signable(struct, message):
    """What EIP-712 signs for a struct, with the types of the structs in it."""
    inner = {field["type"] for field in TYPES[struct]} & TYPES.keys()
    types = {name: TYPES[name] for name in {struct, *inner}}
    types["EIP712Domain"] = [{"name": name, "type": kind} for name, kind in DOMAIN_TYPE.items()]
    return encode_typed_data(
        full_message={"types": types, "domain": DOMAIN, "primaryType": struct, "message": message}
    )


def digest(struct, message):
    signed = signable(struct, message)
    return "0x" + keccak(b"\x19" + signed.version + signed.header + signed.body).hex()


def sign(struct, **message):
    message = {"deadline": int(time.time()) + 300, "salt": "0x" + secrets.token_hex(16)} | message
    signature = "0x" + bytes(SIGNING_KEY.sign_message(signable(struct, message)).signature).hex()
    return {"type": struct, "party": ME, "message": message, "signature": signature}


def signer_of(struct, message, signature):
    return Account.recover_message(signable(struct, message), signature=signature).lower()


def require_quorum(kind, struct, statements):
    """Requires coordinators of enough organisations behind pairs of a statement and what signed it."""
    known = {member["address"]: member["organisation"] for member in CHANNEL["coordinators"]}
    signers = {signer_of(struct, message, by["signature"]) for message, by in statements}
    organisations = {known[signer] for signer in signers & known.keys()}
    require(len(organisations) >= CHANNEL["thresholds"][kind], "too few organisations signed")


def call(method, path, body=None, **headers):
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers["content-type"] = "application/octet-stream" if data is body else "application/json"
    request = urllib.request.Request(f"{AGENT}/v1/{path}", data, headers, method=method)
    try:
        return urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        raise ValueError(f"{method} {path}: {error.read().decode(errors='replace')}") from error


def sha256(data):
    return "0x" + hashlib.sha256(data).hexdigest()


def unhex(text):
    return bytes.fromhex(text[2:])


def canonical(value):
    """RFC 8785, for values whose numbers are whole and whose names are ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root_of(leaf, index, size, proof):
    """The root of the tree that an inclusion proof leads to (RFC 9162 §2.1.3.2)."""
    require(0 <= index < size, "the place is outside the tree")
    hashed, last = hashlib.sha256(b"\x00" + leaf).digest(), size - 1
    for step in map(unhex, proof):
        require(last > 0, "the proof is too long")
        on_the_left = index % 2 == 1 or index == last
        pair = step + hashed if on_the_left else hashed + step
        hashed = hashlib.sha256(b"\x01" + pair).digest()
        while on_the_left and index % 2 == 0 and index > 0:
            index, last = index // 2, last // 2
        index, last = index // 2, last // 2
    require(last == 0, "the proof is too short")
    return "0x" + hashed.hex()


def verify_acknowledgement(given):
    """The body of an entry: a party signed the request in it, and a quorum of coordinators judged it."""
    body = json.loads(given["body"])
    request = body["request"]
    require(sha256(given["body"].encode()) == given["entry"], "the entry is of another body")
    require(body["log"] == given["log"], "the entry is of another log")
    signer = signer_of(request["type"], request["message"], request["signature"])
    require(signer == request["party"], "another party signed the request")
    kind = "views" if request["type"] == "View" else "writes"
    for by in given["verdicts"]:
        verdict = by["verdict"]
        named = (verdict["kind"], verdict["log"])
        require(named == (kind, LOGS[given["log"]]["id"]), "the verdict is about something else")
        root = root_of(unhex(given["entry"]), by["index"], verdict["size"], by["proof"])
        require(root == verdict["root"], "the verdict is about other entries")
    require_quorum(kind, "Verdict", [(by["verdict"], by) for by in given["verdicts"]])
    return body


def facts_of(handle):
    """What the ledger holds on a patient, as a quorum of coordinators attests it to this very question."""
    nonce = "0x" + secrets.token_hex(32)
    answers = json.loads(call("POST", "facts", {"handle": handle, "nonce": nonce}))
    facts = answers[0]["facts"]
    hashed = sha256(canonical(facts))
    same = [by for by in answers if (by["attestation"]["nonce"], by["attestation"]["facts"]) == (nonce, hashed)]
    fresh = [by for by in same if abs(by["attestation"]["at"] - time.time()) <= 60]
    require_quorum("writes", "Attestation", [(by["attestation"], by) for by in fresh])
    require(facts["asked"] == {"handle": handle}, "the facts answer another question")
    return facts["patient"]


def verify_receipt(given):
    """Waits for a checkpoint on the ledger that holds an entry, and verifies it and the proof."""
    while (proof := json.loads(call("GET", f"receipts/{given['log']}/{given['index']}"))).get("status"):
        time.sleep(proof["retryAfter"] / 1000)
    checkpoint, log = proof["checkpoint"], LOGS[given["log"]]
    size, root = checkpoint["size"], checkpoint["root"]
    proven = root_of(unhex(given["entry"]), given["index"], size, proof["inclusion"])
    require(proven == root, "the entry is not in the log")
    statement = {"log": log["id"], "size": size, "root": root}
    require_quorum("writes", "Checkpoint", [(statement, by) for by in checkpoint["signatures"]])
    text = f"{log['origin']}\n{size}\n{base64.b64encode(unhex(root)).decode()}\n"
    said, _, line = checkpoint["note"].rpartition("\n— ")
    require(said == text, "the note is about another tree")
    key = base64.b64decode(log["key"].split("+", 2)[2])[1:]
    signature = base64.b64decode(line.split(" ")[1])[4:]
    Ed25519PublicKey.from_public_bytes(key).verify(signature, text.encode())
    return size
