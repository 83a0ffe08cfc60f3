import { bytesToHex } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { Address, Bytes32, Handle } from '../../../protocol/ids.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import type { UndoVital } from '../../../protocol/care/vitalRecords.ts';
import type { Vital } from '../../../protocol/struct/vitalTypes.ts';
import type { Party } from '../../party/Party.ts';
import { placeVitalRecord, vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';

/** An undoing to sign. */
export interface NewUndoing {
  readonly what: Vital;
  readonly handle: Handle;
  /** SHA-256 of the evidence that it is a mistake: that the patient lives, or that the record is another person's. */
  readonly content: Bytes32;
  /** Reason, in words of 96 characters at most. */
  readonly reason: string;
  /** The party that signs beside this one, of another organisation. */
  readonly second: Address;
  /** Seconds that the other has to sign, a day at most; five minutes if absent. */
  readonly within?: number;
}

/**
 * Signs that a birth or a death was recorded by mistake, as the first of two. Hand the result over to the second.
 *
 * @param first - A doctor or a registrar.
 * @param undoing - The patient, the evidence, and the second party.
 * @throws MedsealError `NOT_FOUND` if none stands; `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const why = { what: 'death', reason: 'the names were alike', content, second: registrar.address } as const;
 * const signed = await signUndoing(doctor, { handle, ...why, within: 86_400 });
 * await undoVital(registrar, signed);
 * ```
 */
export async function signUndoing(first: Party, undoing: NewUndoing): Promise<Signed<'UndoVital'>> {
  return sign(first, first, 'UndoVital', await prepareUndoing(first, undoing));
}

/**
 * Makes the undoing that the first of two is to sign, to be shown before: it names the report as the ledger has it now.
 *
 * @param first - A doctor or a registrar.
 * @param undoing - The patient, the evidence, and the second party.
 * @throws MedsealError `NOT_FOUND` if none stands; `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`, `CLOCK_SKEWED`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const why = { what: 'death', reason: 'the names were alike', content, second: registrar.address } as const;
 * const { report } = await prepareUndoing(doctor, { handle, ...why });
 * console.log(`the report ${report} would be undone`);
 * ```
 */
export async function prepareUndoing(
  first: Party,
  { what, handle, content, reason, second, within }: NewUndoing,
): Promise<UndoVital> {
  const { report, step } = (await readLife(first, handle))[what];
  if (report === undefined) throw new MedsealError('NOT_FOUND', { what: `report of a ${what}` });
  const salt = bytesToHex(first.random(16));
  return {
    terms: { content, reason, salt },
    what,
    handle,
    step: step + 1,
    report,
    first: first.address,
    second,
    deadline: vitalDeadline(first, within),
  };
}

/**
 * Signs an undoing as the second party, and sends it to the ledger: everything is again as it was before the report.
 *
 * @param second - The party that the undoing names, of another organisation; one of the two must be a registrar.
 * @param signed - The undoing, signed by the first.
 * @throws MedsealError `ARGUMENT_INVALID` if it names another; `RULE_REFUSED` with `OrganisationsAlike`,
 * `RegistrarMissing`, `RoleUnfit`, `ReportUnknown` or `StepUnexpected`; `SIGNATURE_INVALID`, `CONTRACT_ABSENT`,
 * `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const why = { what: 'death', reason: 'the names were alike', content, second: registrar.address } as const;
 * const { block } = await undoVital(registrar, await signUndoing(doctor, { handle, ...why }));
 * console.log(`undone in block ${block}`);
 * ```
 */
export async function undoVital(second: Party, signed: Signed<'UndoVital'>): Promise<LedgerPlace> {
  const { message } = signed;
  if (message.second !== second.address) {
    const reason = 'the undoing names another party as the second';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'signed', reason });
  }
  const { signature } = sign(second, second, 'UndoVital', message);
  return await placeVitalRecord(second, signed, (life) => life[message.what].step >= message.step, {
    second: signature,
  });
}
