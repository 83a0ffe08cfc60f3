import type { Primitives } from '../../crypto/Primitives.ts';
import { writeU64 } from '../../crypto/u64.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes, writeHex } from '../../crypto/bytes.ts';
import { malformed } from '../../errors/malformed.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * EIP-712 typed data: hashing of the structs that parties sign. Only the types that the protocol uses are
 * known, each with a fixed layout.
 */

/** A field of a struct: its name, and a Solidity type or the name of another struct. */
export interface Field {
  readonly name: string;
  readonly type: string;
}

/** The structs by name. */
export type TypeTable = Readonly<Record<string, readonly Field[]>>;

/** The EIP-712 domain of a network: one for everything in it, told apart from others by the random `salt`. */
export interface Domain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly salt: Bytes32;
}

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)';
/** Signed bytes: prefix, domain separator, struct; the buffer is reused, because making one is expensive. */
const SIGNED = Uint8Array.of(0x19, 0x01, ...new Uint8Array(64));

/**
 * The type string of a struct with those of the structs that it holds (EIP-712 `encodeType`).
 *
 * @param types - The structs by name.
 * @param name - The struct.
 * @example
 * ```ts
 * encodeType(requestTypes, 'Revoke');
 * // 'Revoke(bytes32 handle,bytes32 grant,uint64 epoch,bytes32 packets,uint64 deadline)'
 * ```
 */
export function encodeType(types: TypeTable, name: string): string {
  const held = new Set<string>();
  collect(types, name, held);
  held.delete(name);
  return [name, ...[...held].toSorted()].map((struct) => signature(types, struct)).join('');
}

/**
 * The hash of a struct (EIP-712 `hashStruct`).
 *
 * @param primitives - Hashes.
 * @param types - The structs by name.
 * @param name - The struct.
 * @param message - A value for every field.
 * @returns 32 bytes.
 * @throws MedsealError `REQUEST_MALFORMED` naming the field that is absent or of another type.
 */
export function hashStruct(
  primitives: Primitives,
  types: TypeTable,
  name: string,
  message: object,
): Uint8Array {
  const { fields, words, writers } = layoutOf(types, name);
  words.set(typeHash(primitives, types, name));
  const values = message as Readonly<Record<string, unknown>>;
  for (let place = 0; place < writers.length; place++) {
    const field = fields[place]?.name ?? '';
    writers[place]?.(primitives, values[field], words, 32 * (1 + place));
  }
  return primitives.keccak256(words);
}

/**
 * The digest that is signed: keccak256(0x19 ‖ 0x01 ‖ domain separator ‖ hashStruct(message)).
 *
 * @param primitives - Hashes.
 * @param domain - The network's domain.
 * @param types - The structs by name.
 * @param name - The struct.
 * @param message - A value for every field.
 * @returns 32 bytes.
 */
export function typedDigest(
  primitives: Primitives,
  domain: Domain,
  types: TypeTable,
  name: string,
  message: object,
): Uint8Array {
  const struct = hashStruct(primitives, types, name, message);
  SIGNED.set(domainSeparator(primitives, domain), 2);
  SIGNED.set(struct, 34);
  return primitives.keccak256(SIGNED);
}

const separators = new WeakMap<Domain, Uint8Array>();

/** The domain's separator, 32 bytes (EIP-712). */
export function domainSeparator(primitives: Primitives, domain: Domain): Uint8Array {
  const known = separators.get(domain);
  if (known !== undefined) return known;
  const chainId = new Uint8Array(32);
  writeUint(domain.chainId, chainId, 0);
  const hashText = (text: string): Uint8Array => primitives.keccak256(utf8ToBytes(text));
  const separator = primitives.keccak256(
    concatBytes(
      hashText(DOMAIN_TYPE),
      hashText(domain.name),
      hashText(domain.version),
      chainId,
      hexToBytes(domain.salt),
    ),
  );
  separators.set(domain, separator);
  return separator;
}

function fieldsOf(types: TypeTable, name: string): readonly Field[] {
  const fields = Object.hasOwn(types, name) ? types[name] : undefined;
  if (fields === undefined) throw malformed(`unknown type ${name}`);
  return fields;
}

function signature(types: TypeTable, name: string): string {
  const fields = fieldsOf(types, name).map((field) => `${field.type} ${field.name}`);
  return `${name}(${fields.join(',')})`;
}

function collect(types: TypeTable, name: string, held: Set<string>): void {
  if (held.has(name)) return;
  held.add(name);
  for (const field of fieldsOf(types, name)) {
    if (types[field.type] !== undefined) collect(types, field.type, held);
  }
}

const typeHashes = new WeakMap<readonly Field[], Uint8Array>();

function typeHash(primitives: Primitives, types: TypeTable, name: string): Uint8Array {
  const fields = fieldsOf(types, name);
  const known = typeHashes.get(fields);
  if (known !== undefined) return known;
  const hash = primitives.keccak256(utf8ToBytes(encodeType(types, name)));
  typeHashes.set(fields, hash);
  return hash;
}

/** Texts are words of closed lists and names of logs, so few and short; their hashes are most of a digest's time. */
const textHashes = new WeakMap<Primitives, Map<string, Uint8Array>>();
const MAX_TEXTS = 256;
const MAX_TEXT = 32;

function textHash(primitives: Primitives, text: string): Uint8Array {
  const hashes = textHashes.get(primitives) ?? new Map<string, Uint8Array>();
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const hash = primitives.keccak256(utf8ToBytes(text));
  if (text.length > MAX_TEXT) return hash;
  if (hashes.size >= MAX_TEXTS) hashes.clear();
  textHashes.set(primitives, hashes.set(text, hash));
  return hash;
}

/** Writes a value as the word at an offset. */
type WriteWord = (
  primitives: Primitives,
  value: unknown,
  words: Uint8Array,
  offset: number,
) => void;

/** Encoding of a struct; its words are reused by every message, one after another. */
interface Layout {
  readonly fields: readonly Field[];
  readonly words: Uint8Array;
  readonly writers: readonly WriteWord[];
}

const layouts = new WeakMap<TypeTable, Map<string, Layout>>();

function layoutOf(types: TypeTable, name: string): Layout {
  const ofTypes = layouts.get(types) ?? new Map<string, Layout>();
  const known = ofTypes.get(name);
  if (known !== undefined) return known;
  const fields = fieldsOf(types, name);
  const layout = {
    fields,
    words: new Uint8Array(32 * (1 + fields.length)),
    writers: fields.map((field) => writerOf(types, field)),
  };
  layouts.set(types, ofTypes.set(name, layout));
  return layout;
}

function writerOf(types: TypeTable, { name, type }: Field): WriteWord {
  if (type === 'string') {
    return (primitives, value, words, offset) => {
      if (typeof value !== 'string') throw malformed(name);
      words.set(textHash(primitives, value), offset);
    };
  }
  if (type.endsWith('[]')) {
    const write = writerOf(types, { name, type: type.slice(0, -2) });
    return (primitives, value, words, offset) => {
      if (!Array.isArray(value)) throw malformed(name);
      const items = new Uint8Array(32 * value.length);
      for (const [place, item] of value.entries()) write(primitives, item, items, 32 * place);
      words.set(primitives.keccak256(items), offset);
    };
  }
  if (types[type] !== undefined) {
    return (primitives, value, words, offset) => {
      if (typeof value !== 'object' || value === null) throw malformed(name);
      words.set(hashStruct(primitives, types, type, value), offset);
    };
  }
  if (type === 'bool') {
    return (_, value, words, offset) => {
      if (typeof value !== 'boolean') throw malformed(name);
      writeUint(value ? 1 : 0, words, offset);
    };
  }
  if (type.startsWith('uint')) {
    const most = 2 ** Math.min(53, Number(type.slice('uint'.length))) - 1;
    return (_, value, words, offset) => {
      const fits = Number.isSafeInteger(value) && (value as number) >= 0;
      if (!fits || (value as number) > most) throw malformed(name);
      writeUint(value as number, words, offset);
    };
  }
  if (type === 'address') return hexWriter(name, 20, 12);
  if (type.startsWith('bytes')) return hexWriter(name, Number(type.slice('bytes'.length)), 0);
  throw malformed(`unknown type ${type}`);
}

/** Writes bytes of hexadecimal into a word at an indent. */
function hexWriter(name: string, length: number, indent: number): WriteWord {
  return (_, value, words, offset) => {
    if (typeof value !== 'string' || value.length !== 2 + 2 * length) throw malformed(name);
    // Upper-case digits would be another text of the same word.
    if (!/^0x[0-9a-f]*$/.test(value)) throw malformed(name);
    words.fill(0, offset, offset + 32);
    writeHex(value, words, offset + indent);
  };
}

function writeUint(value: number, words: Uint8Array, offset: number): void {
  words.fill(0, offset, offset + 24);
  writeU64(words, offset + 24, value);
}

/** The digest of a typed message as hexadecimal; a grant is keyed by it. */
export function typedDigestHex(...args: Parameters<typeof typedDigest>): Bytes32 {
  return bytesToHex(typedDigest(...args));
}
