import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { Bytes32 } from '../ids.ts';

/**
 * Returns SHA-256 over the canonical JSON (RFC 8785) of a value.
 *
 * @param primitives - Hash functions.
 * @param value - A value that JSON has.
 */
export function canonicalHash({ sha256 }: Pick<Primitives, 'sha256'>, value: unknown): Bytes32 {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}
