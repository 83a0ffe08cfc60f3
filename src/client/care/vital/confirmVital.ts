import { MedsealError } from '../../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import type { Death } from '../../../protocol/care/vitalRecords.ts';
import type { Party } from '../../party/Party.ts';
import { placeVitalRecord, vitalDeadline } from './placeVitalRecord.ts';
import { readBirth, type BirthOpened } from './readBirth.ts';
import { readLife } from './readLife.ts';

/**
 * Confirms a birth or a death that a party of another organisation reported. It takes the report itself, so that nobody
 * confirms what they were not shown. From the block that takes the confirmation of a death the chart is frozen, and grants
 * end but for those of the patient's will.
 *
 * @param confirmer - A doctor or a registrar; one of the two must be a registrar.
 * @param report - The report, as its reporter handed it over; not trusted.
 * @throws MedsealError `NOT_FOUND` if no such report stands; `EVIDENCE_INVALID` if a birth names a mother and her permission
 * is not shown, or is not for it; `RULE_REFUSED` with `OrganisationsAlike`, `RegistrarMissing`, `ReportKnown`, `RoleUnfit` or
 * `PartyIsSuspended`; `CONTRACT_ABSENT`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const { death } = await reportDeath(doctor, { handle, content, at: 1_800_000_000 });
 * const { block } = await confirmVital(registrar, { death });
 * console.log(`confirmed in block ${block}`);
 * ```
 */
export async function confirmVital(
  confirmer: Party,
  report: BirthOpened | { readonly death: Death },
): Promise<LedgerPlace> {
  const what = 'birth' in report ? 'birth' : 'death';
  const digest =
    'birth' in report
      ? digestOf(confirmer, 'Birth', report.birth)
      : digestOf(confirmer, 'Death', report.death);
  const { handle } = 'birth' in report ? report.birth : report.death;
  const { [what]: known } = await readLife(confirmer, handle);
  if (known.report !== digest) throw new MedsealError('NOT_FOUND', { what: `report of a ${what}` });
  if ('birth' in report) {
    const { namesMother, mother } = await readBirth(confirmer, report);
    const reason = 'the birth names a mother, whose permission is not shown';
    if (namesMother && mother === undefined) throw new MedsealError('EVIDENCE_INVALID', { reason });
  }
  const message = {
    what,
    handle,
    step: known.step + 1,
    report: digest,
    confirmer: confirmer.address,
    deadline: vitalDeadline(confirmer),
  } as const;
  const request = sign(confirmer, confirmer, 'ConfirmVital', message);
  return await placeVitalRecord(confirmer, request, (life) => life[what].stage === 'confirmed');
}
