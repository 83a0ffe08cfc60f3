import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { KeptPacket } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { lastEpoch } from '../protocol/lastEpoch.ts';
import { packetsHash } from '../protocol/packetsHash.ts';
import { commitMore } from './commitEpochs.ts';
import { confirmFacts } from './confirmFacts.ts';
import { confirmRecipient } from './confirmRecipient.ts';
import { confirmRule } from './confirmRule.ts';
import { keepPatientState } from './keepPatientState.ts';

import type { KnownGrant, PatientState } from './PatientState.ts';
import type { Party } from './Party.ts';
import { sealPacket } from './sealPacket.ts';
import { submitRule, type Accepted } from './submit.ts';
import { withPatientState } from './withPatientState.ts';

/** How many epochs are committed when the last one is reached. */
const MORE_EPOCHS = 8;

/** A right that has ended. */
export interface RightEnded extends Accepted<'mined'> {
  /** Digests of the grants that hold, but got no key of the new epoch. */
  readonly pending: readonly Bytes32[];
}

/**
 * Ends a right and enters the next epoch, in one signed request: those who keep a right get packets for it, which
 * are kept before the ledger moves; the former grantee's keys open nothing that is added afterwards. Nobody's keys
 * hold the end up: to whom nothing can be sealed now, the key of the new epoch is pending.
 *
 * @param party - The patient.
 * @param digest - Digest of the grant; also of one that stands on the ledger, and no device knows.
 * @returns Where it stands, and the grants whose key is pending.
 * @throws MedsealError `NOT_FOUND` for a grant that is not on the patient's chart, or with the code of the refusal;
 * `RULE_UNCONFIRMED`.
 */
export async function revokeRight(party: Party, digest: Bytes32): Promise<RightEnded> {
  return await withPatientState(party, async (known) => {
    const { handle } = known;
    const facts = await confirmFacts(party, { handle, grant: digest, grants: true });
    const { patient, grant, grants = [] } = facts;
    if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
    if (grant?.handle !== handle) throw new MedsealError('NOT_FOUND', { what: 'grant' });
    const epoch = patient.epoch + 1;
    const state =
      epoch > lastEpoch(patient)
        ? (await commitMore(party, known, patient.epoch, MORE_EPOCHS)).state
        : known;
    const remaining = readersOf(party, state, grants).filter((each) => each.digest !== digest);
    const { packets, pending } = await sealFor(party, state, remaining, epoch);
    const revoke = {
      handle,
      grant: digest,
      epoch,
      packets: packetsHash(party.primitives, packets),
      deadline: seconds(party.clock) + 300,
    };
    const mined = await submitRule(party, 'Revoke', revoke, { packets });
    await confirmRule(
      party,
      { handle, grant: digest },
      (after) => after.grant?.state === 'ended' && (after.patient?.epoch ?? 0) >= epoch,
    );
    await keepPatientState(party, withSealed(state, packets));
    return { ...mined, pending };
  });
}

/** The grants in force that let someone read. */
function readersOf(
  party: Party,
  state: PatientState,
  active: readonly Bytes32[],
): readonly KnownGrant[] {
  const now = seconds(party.clock);
  return state.grants.filter(
    ({ digest, grant: { terms } }) => terms.read && terms.until > now && active.includes(digest),
  );
}

async function sealFor(
  party: Party,
  state: PatientState,
  readers: readonly KnownGrant[],
  epoch: number,
): Promise<{ readonly packets: readonly KeptPacket[]; readonly pending: readonly Bytes32[] }> {
  const packets: KeptPacket[] = [];
  const pending: Bytes32[] = [];
  for (const known of readers) {
    const { grantee } = known.grant.terms;
    try {
      const recipient = await confirmRecipient(party, grantee, state.recipients[grantee]);
      packets.push(await sealPacket(party, state, known, { epoch, recipient }));
    } catch (error) {
      if (!isMedsealError(error) || error.retry) throw error;
      pending.push(known.digest);
    }
  }
  return { packets, pending };
}

function withSealed(state: PatientState, packets: readonly KeptPacket[]): PatientState {
  const sealed = new Map(packets.map(({ grant, epoch }) => [grant, epoch]));
  const grants = state.grants.map((known) => ({
    ...known,
    sealedTo: sealed.get(known.digest) ?? known.sealedTo,
  }));
  return { ...state, grants };
}
