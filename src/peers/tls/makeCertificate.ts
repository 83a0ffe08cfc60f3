import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';

/** A key with a certificate for it, as `node:tls` takes them. */
interface Certified {
  /** PKCS #8, PEM. */
  readonly key: string;
  /** X.509, PEM. */
  readonly cert: string;
}

/** OID 1.3.101.112 (RFC 8410). */
const ED25519 = hexToBytes('0x06032b6570');
/** OID 2.5.4.3: the common name. */
const COMMON_NAME = hexToBytes('0x0603550403');
/** OID 2.5.29.19 and `critical`: the basic constraints. */
const BASIC_CONSTRAINTS = hexToBytes('0x0603551d130101ff');
/** Version 3, and the serial number 1. */
const VERSION_AND_SERIAL = hexToBytes('0xa003020102020101');
/** Of DER: the bits and bytes of a value, its sequence and its set. */
const [BITS, BYTES, SEQUENCE, SET] = [0x03, 0x04, 0x30, 0x31];
/** From 1970 until the moment that RFC 5280 sets for certificates without an end. */
const FOREVER = ['19700101000000Z', '99991231235959Z'] as const;
const [UTF8, UTC_TIME, GENERALIZED_TIME, EXTENSIONS] = [0x0c, 0x17, 0x18, 0xa3];

/**
 * Makes a self-signed certificate (RFC 5280, RFC 8410) for an Ed25519 key. It never expires, and cannot certify other keys. Peers
 * pin the key, so every node makes its certificate when it starts and stores none.
 *
 * @param seed - Ed25519 secret, 32 bytes.
 * @param name - The organisation: subject and issuer.
 * @param validity - When it begins to be valid, and ends.
 */
export function makeCertificate(
  seed: Uint8Array,
  name: string,
  validity: readonly [from: string, to: string] = FOREVER,
): Certified {
  const key = privateKey(seed);
  const algorithm = der(SEQUENCE, ED25519);
  const subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text(UTF8, name))));
  const constraints = der(SEQUENCE, BASIC_CONSTRAINTS, der(BYTES, der(SEQUENCE)));
  const content = der(
    SEQUENCE,
    VERSION_AND_SERIAL,
    algorithm,
    subject,
    der(SEQUENCE, ...validity.map(time)),
    subject,
    der(SEQUENCE, algorithm, bits(notePublicKey(seed))),
    der(EXTENSIONS, der(SEQUENCE, constraints)),
  );
  const certificate = der(SEQUENCE, content, algorithm, bits(sign(null, content, key)));
  const base64 = Buffer.from(certificate)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return {
    key: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

function privateKey(seed: Uint8Array): KeyObject {
  const version = Uint8Array.of(0x02, 0x01, 0x00);
  const inner = der(BYTES, der(BYTES, seed));
  const pkcs8 = der(SEQUENCE, version, der(SEQUENCE, ED25519), inner);
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}

/** A value in DER: its tag, its length, its content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  const { length } = content;
  if (length < 0x80) return concatBytes(Uint8Array.of(tag, length), content);
  return concatBytes(Uint8Array.of(tag, 0x82, length >> 8, length & 0xff), content);
}

function bits(content: Uint8Array): Uint8Array {
  return der(BITS, Uint8Array.of(0), content);
}

/** A moment, `YYYYMMDDhhmmssZ`: until 2049 the year has two digits. */
function time(moment: string): Uint8Array {
  const isLate = Number(moment.slice(0, 4)) > 2049;
  return isLate ? text(GENERALIZED_TIME, moment) : text(UTC_TIME, moment.slice(2));
}

function text(tag: number, value: string): Uint8Array {
  return der(tag, utf8ToBytes(value));
}
