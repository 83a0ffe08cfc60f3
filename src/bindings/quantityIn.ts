import { MedsealError } from '../errors/MedsealError.ts';

/**
 * A number as a ledger writes it in JSON-RPC, hexadecimal.
 *
 * @param value - The ledger's answer, which may be malformed.
 * @param what - Name of the thing that it is a part of, such as `block`.
 * @throws MedsealError `PEER_MALFORMED` if it is not a quantity, or is beyond 2^53.
 */
export function quantityIn(value: unknown, what: string): number {
  const number = typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(number)) throw new MedsealError('PEER_MALFORMED', { what });
  return number;
}
