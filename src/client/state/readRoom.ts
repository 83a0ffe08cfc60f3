import { utf8ToBytes } from '../../crypto/bytes.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { LONGEST_STATE_TO_GRANT } from '../../protocol/rights/requireKeepable.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from './PatientState.ts';

/** The share from which people are told. */
const SHORT = 0.8;

/** Room that the openings of a patient's rights take. */
export interface RoomForRights {
  /** Share that is taken of what the state may take for another right to be given, from 0; the seal takes a little more. */
  readonly taken: number;
  /** True from four fifths on: the patient should end rights that are over. */
  readonly isShort: boolean;
}

/**
 * Tells how much of the room for rights the state of a patient's devices takes. Once it is full, rights can be ended, and not
 * given.
 *
 * @param party - The patient.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient.
 * @example
 * ```ts
 * const { taken, isShort } = await readRoom(patient);
 * if (isShort) console.log(`${Math.floor(taken * 100)} % full: end rights that are over`);
 * ```
 */
export async function readRoom(party: Party): Promise<RoomForRights> {
  const { length } = utf8ToBytes(canonicalJson(await readPatientState(party)));
  const taken = (length * 4) / 3 / LONGEST_STATE_TO_GRANT;
  return { taken, isShort: taken >= SHORT };
}
