import { base64 } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import type { DepositedPacket } from '../protocol/AgentPort.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import { seconds } from '../protocol/Clock.ts';
import { packetsHash } from '../protocol/packetsHash.ts';
import { LONGEST_STATE, requireKeepable } from '../protocol/requireKeepable.ts';
import { sign } from '../protocol/signing.ts';
import { writePatientState, type PatientState } from './PatientState.ts';
import type { Party } from './Party.ts';

/**
 * Has nodes keep a new state of the patient's devices, sealed to the patient, and then keeps it here. What nodes keep
 * is never older than what a device acts on: whatever happens to the device, a new one goes on from there.
 *
 * @param party - The patient.
 * @param state - The new state; its revision is that of the state it was made from.
 * @param packets - Packets to be kept with it.
 * @param longest - The most characters of the sealed state.
 * @returns The state under its own revision.
 * @throws MedsealError `REQUEST_TOO_LARGE` before anything is signed; `STATE_STALE` if another device was
 * faster.
 */
export async function keepPatientState(
  party: Party,
  state: PatientState,
  packets: readonly DepositedPacket[] = [],
  longest = LONGEST_STATE,
): Promise<PatientState> {
  const { primitives, cipher, recipient } = party;
  const { handle } = state;
  const next = { ...state, revision: state.revision + 1 };
  const plaintext = utf8ToBytes(canonicalJson(next));
  const options = { ...(cipher && { cipher }) };
  const sealed = base64.encode(await sealBytes([recipient], plaintext, options));
  requireKeepable({ state: sealed, packets }, longest);
  const request = sign(party, party, 'Keep', {
    handle,
    revision: next.revision,
    state: bytesToHex(primitives.sha256(utf8ToBytes(sealed))),
    packets: packetsHash(primitives, packets),
    deadline: seconds(party.clock) + 300,
  });
  await party.agent.keep({ request, state: sealed, packets });
  await writePatientState(party, next);
  return next;
}
