import { MedsealError } from '../errors/MedsealError.ts';
import type { KeptPacket } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { packetsHash } from '../protocol/packetsHash.ts';
import { commitEpochs } from './commitEpochs.ts';
import { confirmFacts } from './confirmFacts.ts';
import { readPatientState, writePatientState } from './PatientState.ts';
import type { Party } from './Party.ts';
import { sealPacket } from './sealPacket.ts';
import { submitRule, type Accepted } from './submit.ts';

/** How many epochs are committed when the last one is reached. */
const MORE_EPOCHS = 8;

/**
 * Ends a right and enters the next epoch, in one signed request: those who keep a right get packets for it, which
 * are kept before the ledger moves; the former grantee's keys open nothing that is added afterwards.
 *
 * @param party - The patient.
 * @param digest - Digest of the grant.
 * @throws MedsealError `NOT_FOUND` for a grant that the device does not know, or with the code of the refusal.
 */
export async function revokeRight(party: Party, digest: Bytes32): Promise<Accepted<'mined'>> {
  let state = await readPatientState(party);
  const { handle } = state;
  if (!state.grants.some((known) => known.digest === digest)) {
    throw new MedsealError('NOT_FOUND', { what: 'grant' });
  }
  const { patient } = await confirmFacts(party, { handle });
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  const epoch = patient.epoch + 1;
  if (state.keyring.salts[epoch] === undefined) {
    await commitEpochs(party, MORE_EPOCHS);
    state = await readPatientState(party);
  }
  const now = seconds(party.clock);
  const packets: KeptPacket[] = [];
  for (const known of state.grants) {
    const { read, until } = known.grant.terms;
    if (known.digest === digest || known.ended || !read || until <= now) continue;
    packets.push(await sealPacket(party, state, known, epoch));
  }
  const revoke = {
    handle,
    grant: digest,
    epoch,
    packets: packetsHash(party.primitives, packets),
    deadline: now + 300,
  };
  const mined = await submitRule(party, 'Revoke', revoke, { packets });
  const grants = state.grants.map((known) =>
    known.digest === digest ? { ...known, ended: true } : known,
  );
  await writePatientState(party, { ...state, grants });
  return mined;
}
