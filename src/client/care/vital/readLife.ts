import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Handle } from '../../../protocol/ids.ts';
import { UNTOLD_LIFE, type LifeFacts } from '../../../protocol/care/vitalRecords.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { Party } from '../../party/Party.ts';
import { requireArgument } from '../../party/requireArgument.ts';

/**
 * Reads birth, death and will of a patient as the ledger has them, confirmed by k coordinators.
 *
 * @param party - Any party.
 * @param handle - The patient.
 * @throws MedsealError `NOT_FOUND` if nobody controls the handle; `ARGUMENT_INVALID`, `KEY_UNAUTHENTIC`,
 * `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const life = await readLife(doctor, handle);
 * console.log(`birth: ${life.birth.stage}, death: ${life.death.stage}`);
 * ```
 */
export async function readLife(party: Party, handle: Handle): Promise<LifeFacts> {
  requireArgument('handle', handle);
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  return patient.life ?? UNTOLD_LIFE;
}
