import { bytesToHex } from '../../../crypto/bytes.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Handle, type RecordId } from '../../../protocol/ids.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import type { Birth } from '../../../protocol/care/vitalRecords.ts';
import type { Party } from '../../party/Party.ts';
import { placeVitalOnce } from './placeVitalOnce.ts';
import { vitalDeadline } from './placeVitalRecord.ts';
import { readLife } from './readLife.ts';

/** A birth to register. */
export interface NewBirth {
  /** The child, enrolled with a key of its own on the parents' device. */
  readonly handle: Handle;
  /** SHA-256 of the birth record. */
  readonly content: Bytes32;
  /** Record on the child's chart that holds it, if there is one. */
  readonly record?: RecordId;
  /** The mother's permission to name her; without it the birth names nobody. */
  readonly link?: Signed<'BirthLink'>;
  /** Keeps the report before the ledger has it: whoever confirms it needs it, and whoever is to show the birth later. */
  readonly keep?: (birth: Birth) => Promise<void>;
}

/** A birth that is reported. */
export interface BirthPlaced extends LedgerPlace {
  readonly birth: Birth;
  /** Its digest, by which the ledger knows it. */
  readonly digest: Bytes32;
}

/**
 * Reports the birth of a person who has a handle, as a registrar. It is registered once a doctor or a registrar of another
 * organisation, to whom the registrar hands the returned `birth`, confirms it. The ledger sees a salted hash of the birth
 * record; whoever has the record and `birth` can show that the registrar signed it. Run again after a crash or a lost answer
 * with the same values, it is the same report.
 *
 * @param registrar - A party with the role of a registrar.
 * @param birth - The child, and the hash of the birth record.
 * @throws MedsealError `NOT_FOUND` if nobody controls the handle; `RULE_REFUSED` with `ReportKnown` or
 * `RoleUnfit`; `RIGHT_MISSING` or `REQUEST_LATE` if the mother does not permit it to this registrar; `CONTRACT_ABSENT`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `RULE_UNCONFIRMED`, `ARGUMENT_INVALID`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const { birth, block } = await registerBirth(registrar, { handle, content });
 * console.log(`reported in block ${block}, for another organisation to confirm`);
 * await confirmVital(doctor, { birth });
 * ```
 */
export async function registerBirth(
  registrar: Party,
  { handle, content, record = ZERO32, link, keep }: NewBirth,
): Promise<BirthPlaced> {
  const terms = {
    record,
    content,
    link: link === undefined ? ZERO32 : digestOf(registrar, 'BirthLink', link.message),
  };
  const { place, message, digest } = await placeVitalOnce(registrar, {
    type: 'Birth',
    handle,
    values: terms,
    make: async () => ({
      terms: { ...terms, salt: bytesToHex(registrar.random(16)) },
      reporter: registrar.address,
      handle,
      step: (await readLife(registrar, handle)).birth.step + 1,
      deadline: Math.min(vitalDeadline(registrar), link?.message.deadline ?? Infinity),
    }),
    keep,
    ...(link && { link }),
  });
  return { ...place, birth: message, digest };
}
