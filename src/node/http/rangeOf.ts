import type { ByteRange } from '../../protocol/AgentPort.ts';

/**
 * The one part that a `Range` header asks for (RFC 9110 §14.1.2). Of several parts, and of what is not a range of bytes,
 * nothing is made: all is sent, as the RFC allows.
 *
 * @param header - The header's value.
 * @param size - Bytes of the whole.
 * @returns The part; `outside` where the whole has none of it; undefined if all is to be sent.
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
