import { MedsealError } from '../../errors/MedsealError.ts';
import { ACTIONS, CATEGORIES, PURPOSES, ROLES } from '../../protocol/vocabulary.ts';

const WORDS = { category: CATEGORIES, purpose: PURPOSES, action: ACTIONS, role: ROLES } as const;
const LENGTHS = { address: 20, handle: 32 } as const;

/**
 * Requires that a caller passed a value of its type: a program in JavaScript is not compiled, and a wrong value would
 * look like a fault of the node that is asked with it.
 *
 * @param kind - Kind of value.
 * @param value - The value.
 * @param argument - Its name, if it has another than its kind.
 * @throws MedsealError `ARGUMENT_INVALID`.
 */
export function requireArgument(
  kind: keyof typeof WORDS | keyof typeof LENGTHS | 'bytes',
  value: unknown,
  argument: string = kind,
): void {
  const reason = reasonAgainst(kind, value);
  if (reason !== undefined) throw new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

function reasonAgainst(
  kind: Parameters<typeof requireArgument>[0],
  value: unknown,
): string | undefined {
  if (kind === 'bytes') {
    if (value instanceof Uint8Array) return undefined;
    const advice = typeof value === 'string' ? '; encode a text with `new TextEncoder()`' : '';
    return `must be a Uint8Array (got ${value === null ? 'null' : typeof value})${advice}`;
  }
  if (kind === 'address' || kind === 'handle') {
    const digits = 2 * LENGTHS[kind];
    if (typeof value === 'string' && new RegExp(`^0x[0-9a-f]{${digits}}$`).test(value))
      return undefined;
    return `must be 0x and ${digits} hexadecimal digits in lower case (got ${shown(value)})`;
  }
  const words: readonly unknown[] = WORDS[kind];
  return words.includes(value)
    ? undefined
    : `must be one of ${words.join(', ')} (got ${shown(value)})`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : typeof value;
}
