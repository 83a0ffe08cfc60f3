import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../protocol/evidence.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { sign } from '../../protocol/signing.ts';
import type { Party } from '../party/Party.ts';
import { placeVitalRecord, vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';

/**
 * Confirms a death that a party of another organisation reported: from the block that takes it the chart is frozen, and
 * grants end but for those of the patient's will.
 *
 * @param confirmer - A doctor or a registrar; one of the two must be a registrar.
 * @param death - The patient, and the digest of the report that was read.
 * @throws MedsealError `NOT_FOUND` if no such report stands; `RULE_REFUSED` with `OrganisationsAlike`, `RegistrarMissing`,
 * `RoleUnfit` or `PartyIsSuspended`; `CONTRACT_ABSENT`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const { death, reporter } = await readLife(registrar, handle);
 * console.log(`reported by ${reporter}`);
 * if (death !== undefined) await confirmDeath(registrar, { handle, death });
 * ```
 */
export async function confirmDeath(
  confirmer: Party,
  { handle, death }: { readonly handle: Handle; readonly death: Bytes32 },
): Promise<LedgerPlace> {
  const life = await readLife(confirmer, handle);
  if (life.death !== death) throw new MedsealError('NOT_FOUND', { what: 'report of a death' });
  const message = {
    handle,
    step: life.step + 1,
    death,
    confirmer: confirmer.address,
    deadline: vitalDeadline(confirmer),
  };
  const request = sign(confirmer, confirmer, 'ConfirmDeath', message);
  return await placeVitalRecord(confirmer, request, ({ state }) => state === 'dead');
}
