import type { ByteRange } from '../protocol/AgentPort.ts';

/**
 * Returns the one part that a `Range` header asks for (RFC 9110 §14.1.2). A header with several parts, or not of bytes, is
 * ignored: the whole is sent, as the RFC allows.
 *
 * @param header - The header's value.
 * @param size - Size of the whole, in bytes.
 * @returns The part; `outside` if the whole has no byte of it; undefined if the whole is to be sent.
 */
export function rangeOf(header: string, size: number): ByteRange | 'outside' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const count = Math.min(Number(last), size);
    return count === 0 ? 'outside' : { from: size - count, to: size };
  }
  const from = Number(first);
  const to = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= size ? 'outside' : { from, to };
}
