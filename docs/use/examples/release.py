"""Opens and seals records of a channel with a release key: an entry is the key's other half. Its members release shares for a
logged view (TDH2 over secp256k1, Shoup and Gennaro 2002); `docs/build/threshold.md` explains the file."""

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

import age
from age import require
from evidence import CHANNEL, NETWORK, call, sha256, unhex

PRIME = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
BASE = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
# Hashed to the curve, so that nobody knows it as a multiple of the first.
SECOND = bytes.fromhex("026dbf0a3817ab4dbfcc77638c27f8265acd95dcdf53b62bfc49cd916f147e95fa")
STANZA = "medseal.org/evidenced-2"
KEY = CHANNEL.get("release")


def fields(*parts):
    """Parts one after the other, each behind its length."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def read_point(data):
    require(len(data) == 33 and data[0] in (2, 3), "it is no point")
    x = int.from_bytes(data[1:], "big")
    y = pow(x**3 + 7, (PRIME + 1) // 4, PRIME)
    require(x < PRIME and y * y % PRIME == (x**3 + 7) % PRIME, "it is no point")
    return (x, y if y % 2 == data[0] % 2 else PRIME - y)


def write_point(point):
    require(point is not None, "it is the point at infinity")
    return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")


def add(one, other):
    if one is None or other is None:
        return one or other
    (x, y), (u, v) = one, other
    if x == u:
        if y != v:
            return None
        slope = 3 * x * x * pow(2 * y, -1, PRIME)
    else:
        slope = (v - y) * pow(u - x, -1, PRIME)
    w = (slope * slope - x - u) % PRIME
    return w, (slope * (x - w) - y) % PRIME


def times(scalar, data):
    """A multiple of a point. It takes a time that depends on the scalar: a program on a server uses a library that does not."""
    total, point = None, read_point(data)
    for bit in bin(scalar)[:1:-1]:
        total, point = add(total, point) if bit == "1" else total, add(point, point)
    return total


def scalar_from(tag, *parts):
    """Hashes parts to a scalar (`expand_message_xmd` of RFC 9380 with SHA-256, 48 bytes)."""
    end = tag + bytes([len(tag)])
    first = hashlib.sha256(bytes(64) + fields(*parts) + (48).to_bytes(2, "big") + b"\0" + end).digest()
    one = hashlib.sha256(first + b"\1" + end).digest()
    two = hashlib.sha256(bytes(a ^ b for a, b in zip(first, one)) + b"\2" + end).digest()
    return int.from_bytes((one + two)[:48], "big") % ORDER


def key_id(key):
    return hashlib.sha256(
        fields(b"medseal/key/2", unhex(NETWORK["networkId"]), CHANNEL["name"].encode(), unhex(key["publicKey"]))
    ).digest()


def label_of(key, handle, record, version):
    """The record version to which a seal is bound."""
    network, channel = unhex(NETWORK["networkId"]), CHANNEL["name"].encode()
    place = [unhex(handle), unhex(record), version.to_bytes(8, "big")]
    return fields(b"medseal/record-version/1", network, channel, key_id(key), *place)


def who_half(secret, encapsulated, label):
    """The half of a file's key that its reader holds, from the secret of an encapsulation."""
    return age.derive(secret, None, fields(b"medseal/who-half/2", encapsulated, label))


def both_halves(who, point, label, encapsulated, seal):
    """The key that wraps the file key: of the half that its reader holds, and of what members release."""
    info = fields(b"medseal/and/2", encapsulated, seal, label)
    return ChaCha20Poly1305(age.derive(who + hashlib.sha256(point).digest(), None, info))


class Reader:
    """A reader of several records, with a recipient of its own for the shares that are released for them."""

    def __init__(self):
        self.seed = secrets.token_bytes(32)
        self.recipient = age.recipient_of(self.seed)

    def salt(self, place):
        """The salt of the view at a place, which commits to the recipient."""
        committed = fields(b"medseal/view-recipient/1", self.recipient.encode(), place.to_bytes(8, "big"))
        return "0x" + hashlib.sha256(committed).hexdigest()[:32]

    def open(self, seed, own, sealed, write, seen, place, opening):
        """Opens the sealed file of a write, for the entry of its view: by the seed of its epoch's identity, or by what a right to
        one record gives for this file, which is its key or half of it."""
        args, body = age.stanzas_of(sealed)[0]
        if args[0] != STANZA:
            return age.open_file(seed, sealed) if own is None else age.open_with(own, sealed)
        named, encapsulated, seal = map(age.unbase64, args[1:])
        keys = [key for key in [KEY, *CHANNEL.get("formerReleases", [])] if key]
        key = next((each for each in keys if key_id(each)[:16] == named), None)
        require(key is not None, "the record is sealed under another release key")
        asked = {"index": seen["index"], "place": place, "seal": "0x" + seal.hex(), "encapsulation": sha256(encapsulated)}
        question = {"recipient": self.recipient, "views": [asked], "key": "0x" + key_id(key).hex(), "opening": opening}
        shares = dict(self.share_in(key, answer) for answer in json.loads(call("POST", "releases", question)))
        require(len(shares) >= key["threshold"], "RELEASE_PENDING: too few organisations released")
        point = combined(dict(list(shares.items())[: key["threshold"]]))
        label = label_of(key, write["handle"], write["record"], write["version"])
        who = own or who_half(age.decapsulate(seed, encapsulated), encapsulated, label)
        cipher = both_halves(who, point, label, encapsulated, seal)
        return age.open_with(cipher.decrypt(bytes(12), age.unbase64(body), None), sealed)

    def share_in(self, key, answer):
        """The share in a coordinator's answer, by the index of its organisation. A false one opens nothing."""
        by = {member["address"]: member["organisation"] for member in CHANNEL["coordinators"]}
        index = {share["organisation"]: share["index"] for share in key["shares"]}
        opened = json.loads(age.open_file(self.seed, base64.b64decode(answer["sealed"])))
        return index[by[answer["coordinator"]]], unhex(opened["shares"][0])[:33]


def combined(shares):
    """The shared point, from shares by index (Lagrange)."""
    total = None
    for index, share in shares.items():
        weight = 1
        for other in shares.keys() - {index}:
            weight = weight * other * pow(other - index, -1, ORDER) % ORDER
        total = add(total, times(weight, share))
    return write_point(total)


def seal(sheet, write, content):
    """Seals a record version to the recipients of a sheet: in a channel with a release key, to both halves and the patient."""
    recipient = sheet["recipients"][write["category"]]
    if KEY is None:
        return age.seal(recipient, content)
    file_key, label = secrets.token_bytes(16), label_of(KEY, write["handle"], write["record"], write["version"])
    secret, encapsulated = age.encapsulate(recipient)
    bound = [label, hashlib.sha256(encapsulated).digest()]
    exponent = draw(b"medseal/seal-secret/1", file_key, *bound)
    points = [write_point(times(exponent, of)) for of in (BASE, SECOND)]
    nonce = draw(b"medseal/seal-nonce/1", file_key, *bound, *points)
    proof = [write_point(times(nonce, of)) for of in (BASE, SECOND)]
    challenge = scalar_from(b"medseal/label-proof/1", key_id(KEY), *bound, *points, *proof)
    scalars = [challenge, (nonce + challenge * exponent) % ORDER]
    made = b"".join([*points, *(scalar.to_bytes(32, "big") for scalar in scalars)])
    shared = write_point(times(exponent, unhex(KEY["publicKey"])))
    who = who_half(secret, encapsulated, label)
    wrapped = both_halves(who, shared, label, encapsulated, made).encrypt(bytes(12), file_key, None)
    words = [STANZA, *map(age.base64_of, (key_id(KEY)[:16], encapsulated, made))]
    guarded = f"-> {' '.join(words)}\n{age.base64_of(wrapped)}\n"
    return age.seal_with(file_key, [guarded, age.stanza_for(sheet["own"][write["category"]], file_key)], content)


def draw(*parts):
    """A secret scalar that depends on all that it is for."""
    while True:
        scalar = int.from_bytes(hashlib.sha256(fields(*parts, secrets.token_bytes(32))).digest(), "big")
        if 0 < scalar < ORDER:
            return scalar
