import { bytesToHex } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import { ZERO32, type Address } from '../protocol/ids.ts';
import { recipientHash } from '../protocol/recipientHash.ts';
import type { Grant } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Action, Category, Purpose } from '../protocol/vocabulary.ts';
import { confirmFacts } from './confirmFacts.ts';
import { confirmRecipient } from './confirmRecipient.ts';
import { confirmRule } from './confirmRule.ts';
import { keepPatientState } from './keepPatientState.ts';
import type { KnownGrant } from './PatientState.ts';
import type { Party } from './Party.ts';
import { sealPacket } from './sealPacket.ts';
import { submitRule, type Accepted } from './submit.ts';
import { withPatientState } from './withPatientState.ts';

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
 * @throws MedsealError with the code of the refusal; `RULE_UNCONFIRMED`.
 */
export async function grantRight(
  party: Party,
  right: RightGiven,
): Promise<KnownGrant & { readonly mined: Accepted<'mined'> }> {
  return await withPatientState(party, async (state) => {
    const { handle, recipients } = state;
    const { patient } = await confirmFacts(party, { handle });
    if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
    const { grantee } = right;
    const reads = right.actions.includes('read');
    const recipient = reads
      ? await confirmRecipient(party, grantee, recipients[grantee])
      : undefined;
    const grant = grantOf(party, handle, right);
    const digest = digestOf(party, 'Grant', grant);
    const known: KnownGrant = { grant, digest, sealedTo: reads ? patient.epoch : 0 };
    // The opening is kept before the ledger moves: a right that no device knows could not be shown.
    const kept = await keepPatientState(party, {
      ...state,
      grants: [...state.grants, known],
      recipients: {
        ...recipients,
        ...(recipient && { [grantee]: recipientHash(party.primitives, recipient) }),
      },
    });
    const packets = recipient
      ? [await sealPacket(party, kept, known, { epoch: patient.epoch, recipient })]
      : [];
    const mined = await submitRule(party, 'Grant', grant, { packets });
    await confirmRule(
      party,
      { grant: digest },
      (facts) => facts.grant?.state === 'active' && facts.grant.handle === handle,
    );
    return { ...known, mined };
  });
}

function grantOf(party: Party, handle: Grant['handle'], right: RightGiven): Grant {
  const { grantee, categories, actions, purpose, until } = right;
  const now = seconds(party.clock);
  return {
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
}
