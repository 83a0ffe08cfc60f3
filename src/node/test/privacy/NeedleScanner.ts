import type { Needle } from './needlesOf.ts';

/** A needle that was found. */
export interface Found {
  readonly where: string;
  readonly encoding: string;
  readonly text: string;
}

/** The fewest bytes of a needle. */
const SHORTEST = 6;
const TABLE = 2 ** 24;

/** Looks for many needles at once, in one pass over what it is given. */
export class NeedleScanner {
  /** A bit for each beginning that some needle has. */
  readonly #beginnings = new Uint8Array(TABLE / 8);
  readonly #needles = new Map<number, Needle[]>();

  /** @param needles - Of six bytes or more. */
  constructor(needles: Iterable<Needle>) {
    for (const needle of needles) {
      if (needle.bytes.length < SHORTEST) throw new Error(`too short: ${needle.encoding}`);
      const key = keyAt(needle.bytes, 0);
      const known = this.#needles.get(key);
      if (known === undefined) this.#needles.set(key, [needle]);
      else known.push(needle);
      const slot = slotOf(needle.bytes, 0);
      this.#beginnings[slot >> 3] = (this.#beginnings[slot >> 3] ?? 0) | (1 << (slot & 7));
    }
  }

  /** The needles that lie in some bytes, each once. */
  scan(where: string, bytes: Uint8Array): readonly Found[] {
    const found = new Set<Needle>();
    for (let at = 0; at + SHORTEST <= bytes.length; at++) {
      const slot = slotOf(bytes, at);
      if (((this.#beginnings[slot >> 3] ?? 0) & (1 << (slot & 7))) === 0) continue;
      for (const needle of this.#needles.get(keyAt(bytes, at)) ?? []) {
        if (liesAt(bytes, at, needle.bytes)) found.add(needle);
      }
    }
    return [...found].map(({ encoding, text }) => ({ where, encoding, text }));
  }
}

function slotOf(bytes: Uint8Array, at: number): number {
  const word =
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
  return Math.imul(word, 0x9e3779b1) >>> 8;
}

function keyAt(bytes: Uint8Array, at: number): number {
  let key = 0;
  for (let index = 0; index < SHORTEST; index++) key = key * 256 + (bytes[at + index] ?? 0);
  return key;
}

function liesAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at + needle.length > bytes.length) return false;
  for (let index = SHORTEST; index < needle.length; index++) {
    if (bytes[at + index] !== needle[index]) return false;
  }
  return true;
}
