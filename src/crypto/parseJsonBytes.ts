import { bytesToUtf8 } from './bytes.ts';

/** How deep objects and lists may lie in each other: a call's are some ten deep, and code that walks deeper ones may run out of stack. */
const DEEPEST = 64;
const [QUOTE, ESCAPE] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Reads JSON (RFC 8259) that came from elsewhere.
 *
 * @param bytes - UTF-8, whose length is bounded.
 * @returns The value.
 * @throws SyntaxError where it is no JSON, or where more than 64 objects and lists lie in each other.
 */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  if (depthOf(bytes) > DEEPEST) throw new SyntaxError('JSON that is nested too deep');
  return JSON.parse(bytesToUtf8(bytes));
}

function depthOf(bytes: Uint8Array): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (quoted) {
      if (byte === ESCAPE) at += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(byte)) depth -= 1;
  }
  return deepest;
}
