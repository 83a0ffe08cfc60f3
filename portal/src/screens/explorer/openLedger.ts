import { agentLedger, isMedsealError } from '../../../../src/client/index.ts';
import type { LedgerProvider } from '../../../../src/bindings/LedgerProvider.ts';
import type { Place } from '../../session/Place.ts';

const known = new WeakMap<Place, Promise<LedgerProvider | undefined>>();

/**
 * Returns the ledger as the organisation's agent passes it on; undefined if it does not let the ledger be read.
 *
 * @param place - The organisation.
 * @throws MedsealError of the agent and the ledger.
 */
export async function openLedger(place: Place): Promise<LedgerProvider | undefined> {
  const before = known.get(place);
  if (before !== undefined) return await before;
  const asked = tryLedger(place);
  known.set(place, asked);
  asked.catch(() => known.delete(place));
  return await asked;
}

async function tryLedger({ agent }: Place): Promise<LedgerProvider | undefined> {
  const ledger = agentLedger(agent);
  try {
    await ledger.request({ method: 'eth_blockNumber' });
    return ledger;
  } catch (error) {
    if (isMedsealError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
