import { bytesToHex } from '../../../crypto/bytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Handle, type RecordId } from '../../../protocol/ids.ts';
import type { Death } from '../../../protocol/care/vitalRecords.ts';
import type { Party } from '../../party/Party.ts';
import { placeVitalOnce } from './placeVitalOnce.ts';
import { vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';

/** A death to report. */
export interface NewDeath {
  readonly handle: Handle;
  /** SHA-256 of the death certificate. */
  readonly content: Bytes32;
  /** Time of death, Unix seconds. */
  readonly at: number;
  /** Record on the chart that holds the certificate, if there is one. */
  readonly record?: RecordId;
  /** Keeps the report before the ledger has it: whoever confirms it needs it. */
  readonly keep?: (death: Death) => Promise<void>;
}

/** A death that is reported. */
export interface DeathPlaced extends LedgerPlace {
  readonly death: Death;
  /** Its digest. */
  readonly digest: Bytes32;
}

/**
 * Reports a death as a doctor or a registrar. It has no effect until a party of another organisation, to whom
 * the reporter hands the returned `death`, confirms it; one of the two must be a registrar. Run again after a crash or a lost
 * answer with the same values, it is the same report.
 *
 * @param reporter - A doctor or a registrar.
 * @param death - The patient, the hash of the certificate, and the time.
 * @throws MedsealError `NOT_FOUND` if nobody controls the handle; `ARGUMENT_INVALID` for a time to come; `RULE_REFUSED` with
 * `ReportKnown` or `RoleUnfit`; `CONTRACT_ABSENT`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const { death } = await reportDeath(doctor, { handle, content, at: 1_800_000_000 });
 * console.log(`For the registrar of another organisation: ${JSON.stringify(death)}`);
 * ```
 */
export async function reportDeath(
  reporter: Party,
  { handle, content, at, record = ZERO32, keep }: NewDeath,
): Promise<DeathPlaced> {
  if (!Number.isSafeInteger(at) || at > seconds(reporter.clock)) {
    const reason = 'must be a time that has passed';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'at', reason });
  }
  const terms = { record, content, at };
  const { place, message, digest } = await placeVitalOnce(reporter, {
    type: 'Death',
    handle,
    values: terms,
    make: async () => ({
      terms: { ...terms, salt: bytesToHex(reporter.random(16)) },
      reporter: reporter.address,
      handle,
      step: (await readLife(reporter, handle)).death.step + 1,
      deadline: vitalDeadline(reporter),
    }),
    keep,
  });
  return { ...place, death: message, digest };
}
