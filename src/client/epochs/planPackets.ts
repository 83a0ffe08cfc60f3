import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { KnownGrant } from '../state/PatientState.ts';

/** Largest number of coming epochs that packets are sealed ahead for. */
export const AHEAD = 3;

/** A grant whose grantee gets keys of epochs, and the epochs that are still to be sealed. */
export interface PlannedPackets {
  readonly known: KnownGrant;
  /** Epochs, in ascending order. */
  readonly epochs: readonly number[];
}

/** Packets and commitment that a patient's device has to prepare. */
export interface PacketPlan {
  readonly packets: readonly PlannedPackets[];
  /** The last epoch that has to be committed to, so that every end whose date is known can turn the keys. */
  readonly lastEpoch: number;
}

/**
 * Plans the packets to seal and the epochs to commit to. The keys turn with each end of a right to read, so a grantee
 * who keeps a right through the next ends gets packets for the epochs that they begin; but only for a few, because the
 * end of a right before its date must outrun every epoch that keys were sealed to it for.
 *
 * @param readers - Grants in force whose grantees get keys of epochs.
 * @param epoch - The epoch that is or will be the present one.
 */
export function planPackets(readers: readonly KnownGrant[], epoch: number): PacketPlan {
  const ends = [...new Set(readers.map(({ grant }) => grant.terms.until))];
  const packets: PlannedPackets[] = [];
  let reach = epoch;
  for (const known of readers) {
    const outlived = ends.filter((until) => until < known.grant.terms.until).length;
    const last = epoch + Math.min(AHEAD, outlived);
    const epochs: number[] = [];
    for (let next = Math.max(epoch, known.sealedTo + 1); next <= last; next++) epochs.push(next);
    packets.push({ known, epochs });
    reach = Math.max(reach, last, known.sealedTo);
  }
  return { packets, lastEpoch: reach + ends.length + 1 };
}

/**
 * Returns the grants in force whose grantees get keys of epochs: those to read all of a category.
 *
 * @param grants - Grants that the patient's device knows.
 * @param active - Digests of the grants on the ledger.
 * @param now - Unix seconds.
 */
export function readersAmong(
  grants: readonly KnownGrant[],
  active: readonly Bytes32[],
  now: number,
): readonly KnownGrant[] {
  return grants.filter(
    ({ digest, grant: { terms } }) =>
      terms.read && terms.record === ZERO32 && terms.until > now && active.includes(digest),
  );
}
