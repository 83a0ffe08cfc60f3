import type { Handle } from '../protocol/ids.ts';
import type { GrantEnd } from './deposits/depositRows.ts';
import type { DepositStore } from './deposits/DepositStore.ts';
import type { LedgerIndex } from './LedgerIndex.ts';

/** Seconds after its end until a right is put aside: more than clocks differ. */
const AFTERMATH = 60;

/**
 * Returns the epoch that a patient must be in so that nobody whose right has ended has its keys: the present one, or
 * the one after the newest that keys were sealed to such a grantee for. A right ends by a `Revoke`, by its date, or
 * while its grantee is suspended or the patient is dead, whatever the will says: a reader of before keeps the keys of before. Only rights that the ledger has count.
 *
 * @param node - A node's own view of the ledger, and what it keeps.
 * @param handle - The patient.
 * @param at - The moment, Unix seconds.
 */
export async function dueEpoch(
  node: { readonly index: LedgerIndex; readonly deposits: DepositStore },
  handle: Handle,
  at: number,
): Promise<number> {
  const { index, deposits } = node;
  const present = index.patient(handle)?.epoch ?? 0;
  let due = present;
  const isDead = index.life(handle).death.stage === 'confirmed';
  const settled: GrantEnd[] = [];
  for (const end of await deposits.ends(handle)) {
    // Keys turn at the ledger: until it has the end, what is added needs no key that it cannot give.
    const grant = index.grantOnLedger(end.grant);
    // A grant that the ledger does not have gives nobody a key, and not every node keeps it: they would never agree.
    if (grant === undefined) continue;
    const over = grant.state === 'ended' || end.until + AFTERMATH <= at;
    // Neither is put aside: a suspension may be lifted, and a death undone.
    const suspended = isDead || index.party(end.grantee)?.suspended !== false;
    if (over && end.sealedTo < present) settled.push(end);
    else if (over || suspended || end.until <= at) due = Math.max(due, end.sealedTo + 1);
  }
  if (settled.length > 0) await deposits.settleEnds(settled);
  return due;
}
