import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { GrantDigests } from '../../protocol/rights/GrantDigests.ts';
import { judgeRight } from '../../protocol/rights/judgeRight.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { context } from '../../protocol/test/sampleNetwork.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import { grantOf, handleOf } from './patientsLedger.ts';

/**
 * Returns an opening of the right of a patient that stands on `patientsLedger`.
 *
 * @param patient - Number of the patient.
 * @param grantee - Whose right it is.
 */
export function openingOf(patient: number, grantee: Address): Grant {
  return {
    handle: handleOf(patient),
    terms: {
      grantee,
      categories: ['medications'],
      record: ZERO32,
      read: true,
      add: false,
      amend: false,
      purpose: 'TREAT',
      from: 0,
      until: 1000,
      salt: `0x${'ab'.repeat(16)}`,
    },
    deadline: 1000,
  };
}

/**
 * Judges that right by the rule of `Consent.check`: the digest of the opening is made, and taken for the one that the ledger has.
 *
 * @param index - The index of `patientsLedger`.
 * @param patient - Number of the patient.
 * @param grantee - Whose right it is.
 */
export function judgeFilled(index: LedgerIndex, patient: number, grantee: Address): void {
  const opening = openingOf(patient, grantee);
  const grant = grantOf(patient, 0);
  judgeRight({ ...context, grantDigests: new OwnDigests(grant) }, index, {
    party: grantee,
    handle: opening.handle,
    action: 'read',
    category: 'medications',
    purpose: 'TREAT',
    grant,
    opening,
    at: 10,
  });
}

class OwnDigests extends GrantDigests {
  readonly #grant: Bytes32;

  constructor(grant: Bytes32) {
    super();
    this.#grant = grant;
  }

  override of(signing: SigningContext, opening: Grant): Bytes32 {
    super.of(signing, opening);
    return this.#grant;
  }
}
