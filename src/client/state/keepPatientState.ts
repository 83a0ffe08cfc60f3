import { base64 } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import type { DepositedPacket } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import { LONGEST_STATE, requireKeepable } from '../../protocol/rights/requireKeepable.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { writePatientState, type PatientState } from './PatientState.ts';
import type { Party } from '../party/Party.ts';
import { heirTarget } from './heirBox.ts';
import { requireKept } from './requireKept.ts';
import { standingMandates } from './standingMandates.ts';

/**
 * Deposits a new state of the patient's devices with nodes, sealed to the patient, and then stores it on this device. In a channel with a
 * release key it is sealed ahead too, for a recovery of the patient's key (`heirTarget`).
 * The nodes' state is never older than the one that a device acts on, so a new device can always go on from it.
 * Coordinators of k organisations must sign that they keep it. Safe to repeat if it fails: this device's state stays as it
 * was.
 *
 * @param party - The patient.
 * @param state - The new state; its revision is that of the state it was made from.
 * @param packets - Packets to deposit with it.
 * @param longest - Largest number of characters of the sealed state.
 * @param also - Recipients to seal it to beside the patient's and those of who act for the patient: during a change of key the new one.
 * @returns State under its new revision.
 * @throws MedsealError `REQUEST_TOO_LARGE` before anything is signed; `STATE_STALE` if another device was faster;
 * `ANSWER_DISPUTED` if fewer than k organisations sign.
 */
export async function keepPatientState(
  party: Party,
  state: PatientState,
  packets: readonly DepositedPacket[] = [],
  longest = LONGEST_STATE,
  also: readonly string[] = [],
): Promise<PatientState> {
  const { primitives, cipher } = party;
  const { handle } = state;
  const next = { ...state, revision: state.revision + 1 };
  const plaintext = utf8ToBytes(canonicalJson(next));
  const options = { ...(cipher && { cipher }) };
  const standing = await standingMandates(party, next);
  const acting = standing.map(({ recipient }) => recipient);
  const own = party.acting?.patient ?? party.recipient;
  const heir = await heirTarget(party, handle);
  const recipients = [...(heir ? [heir] : []), ...new Set([own, ...acting, ...also])];
  const sealed = base64.encode(await sealBytes(recipients, plaintext, options));
  requireKeepable({ state: sealed, packets }, longest);
  const request = sign(party, party, 'Keep', {
    handle,
    revision: next.revision,
    state: bytesToHex(primitives.sha256(utf8ToBytes(sealed))),
    packets: packetsHash(primitives, packets),
    deadline: seconds(party.clock) + 300,
  });
  requireKept(party, request, await party.agent.keep({ request, state: sealed, packets }));
  await writePatientState(party, next);
  return next;
}
