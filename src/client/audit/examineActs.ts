import { ZERO32 } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import type { Audit } from './Audit.ts';
import { examineListed, type AuditOptions } from './examineListed.ts';

/**
 * Asks for all that the party itself signed and that became evidence, in every log of the channel: what it added, amended,
 * viewed and asked for, what it was refused, and this look. Each part of the answer is examined as `examineAudit` does, and
 * the number against what k coordinators count. An entry whose body was erased is not on it, and nothing tells that it
 * was there; nor does anything tell of entries that others signed.
 *
 * @param party - A doctor, a pharmacist, an insurer, or any other enrolled party.
 * @param options - See `AuditOptions`.
 * @returns The entries and faults of each log: `chainBlocks` makes the party's chain of them.
 * @throws MedsealError `PARTY_UNKNOWN`, `PARTY_SUSPENDED`.
 * @example
 * ```ts
 * const acts = await examineActs(doctor, { ledger });
 * const blocks = await chainBlocks(doctor.primitives, acts);
 * console.log(faultsOf(acts), `${blocks.length} blocks`);
 * ```
 */
export async function examineActs(party: Party, options: AuditOptions = {}): Promise<Audit> {
  return await examineListed(party, { what: 'chain', handle: ZERO32, purpose: 'HOPERAT' }, options);
}
