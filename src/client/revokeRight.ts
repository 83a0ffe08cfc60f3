import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { KeptPacket } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { packetsHash } from '../protocol/packetsHash.ts';
import { commitEpochs } from './commitEpochs.ts';
import { confirmFacts } from './confirmFacts.ts';
import { changePatientState, readPatientState, type KnownGrant } from './PatientState.ts';
import type { Party } from './Party.ts';
import { sealPacket } from './sealPacket.ts';
import { submitRule, type Accepted } from './submit.ts';

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
 * @param digest - Digest of the grant.
 * @returns Where it stands, and the grants whose key is pending.
 * @throws MedsealError `NOT_FOUND` for a grant that the device does not know, or with the code of the refusal;
 * `EVIDENCE_INVALID` where coordinators do not confirm that the new epoch has begun.
 */
export async function revokeRight(party: Party, digest: Bytes32): Promise<RightEnded> {
  let state = await readPatientState(party);
  const { handle } = state;
  if (!state.grants.some((known) => known.digest === digest)) {
    throw new MedsealError('NOT_FOUND', { what: 'grant' });
  }
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  const epoch = patient.epoch + 1;
  if (epoch >= patient.first + patient.count) {
    await commitEpochs(party, MORE_EPOCHS);
    state = await readPatientState(party);
  }
  const now = seconds(party.clock);
  const packets: KeptPacket[] = [];
  const pending: Bytes32[] = [];
  for (const known of state.grants) {
    const { read, until } = known.grant.terms;
    if (known.digest === digest || known.ended || !read || until <= now) continue;
    try {
      packets.push(await sealPacket(party, state, known, epoch));
    } catch (error) {
      if (!isMedsealError(error) || error.retry) throw error;
      pending.push(known.digest);
    }
  }
  const revoke = {
    handle,
    grant: digest,
    epoch,
    packets: packetsHash(party.primitives, packets),
    deadline: now + 300,
  };
  const mined = await submitRule(party, 'Revoke', revoke, { packets });
  const after = (await confirmFacts(party, { handle })).patient;
  if (after === undefined || after.epoch < epoch) {
    const reason = 'the coordinators do not know that the right has ended';
    throw new MedsealError('EVIDENCE_INVALID', { reason });
  }
  await changePatientState(party, (known) => ({ ...known, grants: known.grants.map(endedIf) }));
  return { ...mined, pending };

  function endedIf(known: KnownGrant): KnownGrant {
    return known.digest === digest ? { ...known, ended: true } : known;
  }
}
