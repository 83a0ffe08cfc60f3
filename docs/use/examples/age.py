"""Seals and opens age files (age-encryption.org/v1) for post-quantum hybrid recipients (`mlkem768x25519`)."""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
INFO = b"age-encryption.org/mlkem768x25519"
CHUNK = 64 * 1024
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
# The label of X-Wing, which draws it.
XWING = b"\\.//^\\"


def require(holds: bool, what: str) -> None:
    """Ends with the reason unless a check holds; `assert` would check nothing under `python -O`."""
    if not holds:
        raise ValueError(what)


def seal(recipient: str, plaintext: bytes) -> bytes:
    """Seals bytes to a recipient, `age1pq1…`."""
    file_key = secrets.token_bytes(16)
    return seal_with(file_key, [stanza_for(recipient, file_key)], plaintext)


def stanza_for(recipient: str, file_key: bytes) -> str:
    """Wraps a file key for a recipient."""
    wrapped = SUITE.encrypt(file_key, MLKEM768X25519PublicKey(*public_keys(recipient)), INFO)
    return f"-> mlkem768x25519 {base64_of(wrapped[:1120])}\n{base64_of(wrapped[1120:])}\n"


def public_keys(recipient: str) -> tuple[mlkem.MLKEM768PublicKey, x25519.X25519PublicKey]:
    public = bech32("age1pq", recipient)
    return (
        mlkem.MLKEM768PublicKey.from_public_bytes(public[:1184]),
        x25519.X25519PublicKey.from_public_bytes(public[1184:]),
    )


def seal_with(file_key: bytes, stanzas: list[str], plaintext: bytes) -> bytes:
    """Seals bytes under a file key that the stanzas wrap."""
    nonce = secrets.token_bytes(16)
    header = b"age-encryption.org/v1\n" + "".join(stanzas).encode() + b"---"
    mac = base64_of(mac_of(file_key, header)).encode()
    cipher = ChaCha20Poly1305(derive(file_key, nonce, b"payload"))
    chunks = [plaintext[at : at + CHUNK] for at in range(0, len(plaintext), CHUNK)] or [b""]
    sealed = [
        cipher.encrypt(chunk_nonce(at, at == len(chunks) - 1), chunk, None)
        for at, chunk in enumerate(chunks)
    ]
    return b"".join([header, b" ", mac, b"\n", nonce, *sealed])


def open_file(seed: bytes, file: bytes) -> bytes:
    """Opens a file that is sealed to the identity of a seed; raises an error if it is not, or was altered."""
    for args, body in stanzas_of(file):
        if args[0] == "mlkem768x25519":
            try:
                wrapped = unbase64(args[1]) + unbase64(body)
                file_key = SUITE.decrypt(wrapped, MLKEM768X25519PrivateKey(*private_keys(seed)), INFO)
                break
            except Exception:  # It is for another recipient.
                continue
    else:
        raise ValueError("the file is not sealed to this identity")
    return open_with(file_key, file)


def stanzas_of(file: bytes) -> list[tuple[list[str], str]]:
    """The stanzas of a file's header: the words of each, and its body."""
    version, *lines = file[: file.index(b"\n--- ")].decode().split("\n")
    require(version == "age-encryption.org/v1", "the file is of another version")
    pairs = zip(lines, lines[1:])
    return [(args[3:].split(" "), body) for args, body in pairs if args.startswith("-> ")]


def open_with(file_key: bytes, file: bytes) -> bytes:
    """Opens a file with its file key; raises an error if it was altered."""
    require(len(file_key) == 16, "the file key has another length")
    end = file.index(b"\n--- ") + 4
    header, (mac, _, payload) = file[:end], file[end + 1 :].partition(b"\n")
    require(hmac.compare_digest(unbase64(mac.decode()), mac_of(file_key, header)), "the header was altered")
    cipher = ChaCha20Poly1305(derive(file_key, payload[:16], b"payload"))
    sealed, size = payload[16:], CHUNK + 16
    require(len(sealed) >= 16, "the file was cut off")
    chunks = [sealed[at : at + size] for at in range(0, len(sealed), size)]
    return b"".join(
        cipher.decrypt(chunk_nonce(at, at == len(chunks) - 1), chunk, None)
        for at, chunk in enumerate(chunks)
    )


def private_keys(seed: bytes) -> tuple[mlkem.MLKEM768PrivateKey, x25519.X25519PrivateKey]:
    """Expands the 32 bytes of an identity (X-Wing)."""
    expanded = hashlib.shake_256(seed).digest(96)
    return (
        mlkem.MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        x25519.X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def recipient_of(seed: bytes) -> str:
    """The recipient, `age1pq1…`, of an identity."""
    post_quantum, classic = private_keys(seed)
    public = post_quantum.public_key().public_bytes_raw() + classic.public_key().public_bytes_raw()
    return bech32_of("age1pq", public)


def encapsulate(recipient: str) -> tuple[bytes, bytes]:
    """A secret for a recipient and its encapsulation, 1,120 bytes (X-Wing)."""
    post_quantum, classic = public_keys(recipient)
    fresh = x25519.X25519PrivateKey.generate()
    secret, sent = post_quantum.encapsulate()
    point, theirs = fresh.public_key().public_bytes_raw(), classic.public_bytes_raw()
    return combine(secret, fresh.exchange(classic), point, theirs), sent + point


def decapsulate(seed: bytes, encapsulated: bytes) -> bytes:
    """The secret of an encapsulation (X-Wing)."""
    post_quantum, classic = private_keys(seed)
    sent, point = encapsulated[:1088], encapsulated[1088:]
    shared = classic.exchange(x25519.X25519PublicKey.from_public_bytes(point))
    return combine(post_quantum.decapsulate(sent), shared, point, classic.public_key().public_bytes_raw())


def combine(*parts: bytes) -> bytes:
    return hashlib.sha3_256(b"".join(parts) + XWING).digest()


def derive(key: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(key)


def mac_of(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(derive(file_key, None, b"header"), header, "sha256")


def chunk_nonce(counter: int, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + bytes([last])


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def unbase64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def bech32(prefix: str, text: str) -> bytes:
    """Decodes the Bech32 text of a recipient (`age1pq`) or an identity (`age-secret-key-pq-`)."""
    text = text.lower()
    require(text.startswith(prefix + "1"), "the text is of another kind")
    words = [LETTERS.index(letter) for letter in text[len(prefix) + 1 :]]
    require(checksum_of(prefix, words) == 1, "the text was altered")
    bits = "".join(f"{word:05b}" for word in words[:-6])
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def bech32_of(prefix: str, data: bytes) -> str:
    """Encodes bytes as Bech32 text."""
    bits = "".join(f"{byte:08b}" for byte in data)
    words = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    check = checksum_of(prefix, words + [0] * 6) ^ 1
    words += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(LETTERS[word] for word in words)


def checksum_of(prefix: str, words: list[int]) -> int:
    checksum = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + words:
        top, checksum = checksum >> 25, (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, part in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            checksum ^= part if top >> bit & 1 else 0
    return checksum
