import { isMedsealError } from '../errors/isMedsealError.ts';
import type { DepositedPacket } from '../protocol/AgentPort.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { confirmRecipient } from './confirmRecipient.ts';
import type { Party } from './Party.ts';
import type { PatientState } from './PatientState.ts';
import type { PlannedPackets } from './planPackets.ts';
import { sealPacket } from './sealPacket.ts';

/** Packets that were sealed. */
export interface SealedPackets {
  readonly packets: readonly DepositedPacket[];
  /** The state with how far each grantee's keys reach once nodes keep the packets. */
  readonly state: PatientState;
  /** Digests of the grants that hold, but whose grantees nothing can be sealed to now. */
  readonly pending: readonly Bytes32[];
}

/**
 * Seals packets as planned. Nobody's keys hold the others' up: to whom nothing can be sealed now (a party that is
 * suspended, or has another recipient than before), the keys are pending.
 *
 * @param party - The patient.
 * @param state - What the device knows.
 * @param planned - For each grant the epochs.
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
      if (!isMedsealError(error) || error.retry) throw error;
      pending.push(known.digest);
    }
  }
  const grants = state.grants.map((known) => {
    return { ...known, sealedTo: reached.get(known.digest) ?? known.sealedTo };
  });
  return { packets, state: { ...state, grants }, pending };
}
