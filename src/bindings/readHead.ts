import { MedsealError } from '../errors/MedsealError.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { quantityIn } from './quantityIn.ts';

/** The newest block of a ledger. */
export interface LedgerHead {
  readonly number: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** Unix seconds of the year 10000: no moment that rights are judged by lies behind it. */
const LATEST = 253_402_300_800;

/**
 * Reads the newest block's number and time.
 *
 * @param provider - The ledger, not trusted to answer in any form.
 * @returns Undefined if it has none.
 * @throws MedsealError `PEER_MALFORMED`; of the ledger.
 */
export async function readHead(provider: LedgerProvider): Promise<LedgerHead | undefined> {
  const params = ['latest', false];
  const found = await provider.request({ method: 'eth_getBlockByNumber', params });
  if (found === null) return undefined;
  const { number, timestamp } = found as {
    readonly number?: unknown;
    readonly timestamp?: unknown;
  };
  const head = { number: quantityIn(number, 'block'), timestamp: quantityIn(timestamp, 'block') };
  if (head.timestamp > LATEST) throw malformed();
  return head;
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'block' });
}
