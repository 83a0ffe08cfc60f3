import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { confirmRecipient } from '../rights/confirmRecipient.ts';
import type { Party } from '../party/Party.ts';
import type { PatientState } from '../state/PatientState.ts';
import type { PlannedPackets } from './planPackets.ts';
import { sealPacket } from './sealPacket.ts';

/** Packets that were sealed. */
export interface SealedPackets {
  readonly packets: readonly DepositedPacket[];
  /** State with the epoch that each grantee's keys reach once nodes have the packets. */
  readonly state: PatientState;
  /** Digests of the grants that hold, but to whose grantees nothing can be sealed now. */
  readonly pending: readonly Bytes32[];
}

/**
 * Seals packets as planned. No grantee delays the others: if nothing can be sealed to a grantee now (it is suspended,
 * its recipient changed, or somebody else committed to the epoch by keys that the keyring does not give), its keys are pending.
 *
 * @param party - The patient.
 * @param state - The patient's state on the device.
 * @param planned - Grants, with the epochs of each.
 */
export async function sealPackets(
  party: Party,
  state: PatientState,
  planned: readonly PlannedPackets[],
): Promise<SealedPackets> {
  const packets: DepositedPacket[] = [];
  const pending: Bytes32[] = [];
  const reached = new Map<Bytes32, number>();
  for (const { known, epochs } of planned) {
    if (epochs.length === 0) continue;
    const { grantee } = known.grant.terms;
    try {
      const recipient = await confirmRecipient(party, grantee, state.recipients[grantee]);
      for (const epoch of epochs) {
        packets.push(await sealPacket(party, state, known, { epoch, recipient }));
        reached.set(known.digest, epoch);
      }
    } catch (error) {
      if (!isMedsealError(error) || (error.retry && error.code !== 'KEY_PENDING')) throw error;
      pending.push(known.digest);
    }
  }
  const grants = state.grants.map((known) => {
    return { ...known, sealedTo: reached.get(known.digest) ?? known.sealedTo };
  });
  return { packets, state: { ...state, grants }, pending };
}
