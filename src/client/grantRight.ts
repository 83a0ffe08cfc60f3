import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import { ZERO32, type Address } from '../protocol/ids.ts';
import type { Grant } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Action, Category, Purpose } from '../protocol/vocabulary.ts';
import { confirmFacts } from './confirmFacts.ts';
import { changePatientState, readPatientState, type KnownGrant } from './PatientState.ts';
import type { Party } from './Party.ts';
import { sealPacket } from './sealPacket.ts';
import { submitRule, type Accepted } from './submit.ts';

/** What a patient gives. */
export interface RightGiven {
  readonly grantee: Address;
  readonly categories: readonly Category[];
  readonly actions: readonly Action[];
  readonly purpose: Purpose;
  /** First second at which it holds; now where absent. */
  readonly from?: number;
  /** First second at which it no longer holds. */
  readonly until: number;
}

/**
 * Gives a right: the grantee's key packet is sealed and kept, then the grant goes to the ledger.
 *
 * @param party - The patient.
 * @param right - To whom, of what, for what, until when.
 * @returns The grant, which the patient hands to the grantee, and where it stands on the ledger.
 * @throws MedsealError with the code of the refusal.
 */
export async function grantRight(
  party: Party,
  right: RightGiven,
): Promise<KnownGrant & { readonly mined: Accepted<'mined'> }> {
  const state = await readPatientState(party);
  const { handle } = state;
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  const { grantee, categories, actions, purpose, until } = right;
  const now = seconds(party.clock);
  const grant: Grant = {
    handle,
    terms: {
      grantee,
      categories: [...categories],
      record: ZERO32,
      read: actions.includes('read'),
      add: actions.includes('add'),
      amend: actions.includes('amend'),
      purpose,
      from: right.from ?? now,
      until,
      salt: bytesToHex(party.random(16)),
    },
    deadline: now + 300,
  };
  const known = { grant, digest: digestOf(party, 'Grant', grant), ended: false };
  const packets = grant.terms.read ? [await sealPacket(party, state, known, patient.epoch)] : [];
  // The opening is kept before the ledger moves: a right that the device does not know could not be ended.
  await changePatientState(party, (now) => ({ ...now, grants: [...now.grants, known] }));
  const mined = await submitRule(party, 'Grant', grant, { packets });
  return { ...known, mined };
}
