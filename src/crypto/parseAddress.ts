import { utf8ToBytes } from './bytes.ts';
import type { Primitives } from './Primitives.ts';

/**
 * Reads an address as people and wallets write it, small letters or EIP-55's capitals.
 *
 * @param primitives - For Keccak-256.
 * @param text - The address as it was typed.
 * @returns The address in small letters; undefined for what is not an address, or whose capitals are not those of its
 * checksum: then a digit was mistyped.
 */
export function parseAddress(
  primitives: Pick<Primitives, 'keccak256'>,
  text: string,
): `0x${string}` | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return undefined;
  const digits = text.slice(2).toLowerCase();
  const isPlain = text.slice(2) === digits || text.slice(2) === digits.toUpperCase();
  if (!isPlain && text.slice(2) !== checksummed(primitives, digits)) return undefined;
  return `0x${digits}`;
}

/** The digits with a capital for each letter whose place in the hash has a nibble of 8 or more. */
function checksummed({ keccak256 }: Pick<Primitives, 'keccak256'>, digits: string): string {
  const hash = keccak256(utf8ToBytes(digits));
  return Array.from(digits, (digit, place) => {
    const byte = hash[place >> 1] ?? 0;
    const nibble = place % 2 === 0 ? byte >> 4 : byte & 15;
    return nibble >= 8 ? digit.toUpperCase() : digit;
  }).join('');
}
