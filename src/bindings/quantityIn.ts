import { MedsealError } from '../errors/MedsealError.ts';

/**
 * A number as a ledger writes it in JSON-RPC, hexadecimal.
 *
 * @param value - What the ledger answered, not trusted to be of any form.
 * @param what - What it is a part of, such as `block`.
 * @throws MedsealError `PEER_MALFORMED` if it is none, or is beyond 2^53.
 */
export function quantityIn(value: unknown, what: string): number {
  const number = typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(number)) throw new MedsealError('PEER_MALFORMED', { what });
  return number;
}
