import { addressOf } from '../src/crypto/addressOf.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../src/crypto/bytes.ts';
import type { Primitives } from '../src/crypto/Primitives.ts';
import { closedListOf } from '../src/protocol/struct/parseSigned.ts';
import { requestTypes } from '../src/protocol/struct/requestTypes.ts';
import {
  domainSeparator,
  encodeType,
  typedDigest,
  type Domain,
  type Field,
  type TypeTable,
} from '../src/protocol/struct/typedData.ts';

const types: TypeTable = requestTypes;

const DOMAIN: Domain = {
  name: 'Medseal',
  version: '1',
  chainId: 1_320_396_612,
  salt: `0x${'5a'.repeat(32)}`,
};

/** Words of the texts that are not taken from a closed list. */
const TEXTS: Readonly<Record<string, string>> = {
  log: 'care/hospital',
  role: 'doctor',
  medicine: 'amoxicillin 500 mg',
  code: 'http://www.whocc.no/atc|J01CA04',
  unit: 'capsule',
  reason: 'the names were alike',
  organisation: 'hospital',
  kind: 'views',
  part: 'deal',
  office: 'coordinators',
  caller: 'hospital',
  receiver: 'laboratory',
  method: 'POST',
  path: '/v1/submissions',
};

/** One signed struct, with every value on the way to its signature. */
export interface SigningVector {
  readonly type: string;
  /** The type string of EIP-712. */
  readonly encoded: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly digest: string;
  readonly signature: string;
}

/** Key, domain, structs, and a vector for each struct that is signed. */
export interface SigningVectors {
  readonly privateKey: string;
  readonly address: string;
  readonly domain: Domain;
  readonly domainSeparator: string;
  readonly types: TypeTable;
  readonly vectors: readonly SigningVector[];
}

/**
 * Makes test vectors for signing: a program in another language that gives the same bytes signs as Medseal does.
 *
 * @param primitives - Hashes and the curve.
 */
export function signingVectors(primitives: Primitives): SigningVectors {
  const key = primitives.sha256(utf8ToBytes('a key of the test vectors'));
  // Terms are signed only as a part of other structs.
  const names = Object.keys(types).filter((name) => !name.endsWith('Terms'));
  return {
    privateKey: bytesToHex(key),
    address: addressOf(primitives, primitives.publicKey(key)),
    domain: DOMAIN,
    domainSeparator: bytesToHex(domainSeparator(primitives, DOMAIN)),
    types,
    vectors: names.map((type) => {
      const message = messageOf(primitives, type);
      const digest = bytesToHex(typedDigest(primitives, DOMAIN, types, type, message));
      const signature = bytesToHex(primitives.sign(hexToBytes(digest), key));
      return { type, encoded: encodeType(types, type), message, digest, signature };
    }),
  };
}

function messageOf(primitives: Primitives, struct: string): Readonly<Record<string, unknown>> {
  const fields = types[struct] ?? [];
  return Object.fromEntries(
    fields.map((field) => [field.name, valueOf(primitives, field, struct)]),
  );
}

/** A value for a field, which follows from the names: no two fields have the same bytes. */
function valueOf(primitives: Primitives, { name, type }: Field, struct: string): unknown {
  if (types[type] !== undefined) return messageOf(primitives, type);
  if (type.endsWith('[]')) {
    const item = type.slice(0, -2);
    const list = closedListOf(struct, name);
    if (list !== undefined) return list.slice(0, 2);
    return ['first', 'second'].map((nth) =>
      valueOf(primitives, { name: `${nth} of ${name}`, type: item }, struct),
    );
  }
  const hash = primitives.sha256(utf8ToBytes(`${struct}.${name}`));
  if (type === 'string') return closedListOf(struct, name)?.[0] ?? TEXTS[name];
  if (type === 'bool') return (hash[0] ?? 0) % 2 === 0;
  if (type === 'uint8') return 1 + ((hash[0] ?? 0) % 9);
  if (['uint16', 'uint24', 'uint48'].includes(type)) return new DataView(hash.buffer).getUint16(0);
  if (type === 'uint64') return 1_800_000_000 + new DataView(hash.buffer).getUint16(0);
  const length = type === 'address' ? 20 : Number(type.slice('bytes'.length));
  return bytesToHex(hash.slice(0, length));
}
