import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { openSealed } from '../records/openSealed.ts';
import type { Party } from '../party/Party.ts';
import { signersOf } from '../party/signersOf.ts';
import { openedState, type PatientState, type StoredState } from './PatientState.ts';
import { requireNewest } from './requireNewest.ts';
import type { ChartViewed } from '../records/viewChart.ts';

/**
 * Opens the state of a patient's devices that a view of the patient's own chart released, after checks that one of
 * these devices signed it, and that k coordinators do not know a newer one.
 *
 * @param party - The patient.
 * @param handle - The patient's chart.
 * @param viewed - Released chart.
 * @returns State, or undefined if nodes have no state.
 * @throws MedsealError `STATE_UNSIGNED`, `STATE_STALE`.
 */
export async function openNewest(
  party: Party,
  handle: Handle,
  { digest, packet, keep, newest }: ChartViewed,
): Promise<PatientState | undefined> {
  const hash = packet === undefined ? undefined : requireSigned(party, handle, packet, keep);
  requireNewest(party, { handle, nonce: digest }, hash, newest);
  if (packet === undefined) return undefined;
  return openedState(party, await openSealed<StoredState>(party, handle, packet));
}

/** Throws if no device of this patient signed the state: then the agent lies, and the phrase is not at fault. */
function requireSigned(party: Party, handle: Handle, sealed: Base64, keep: unknown): Bytes32 {
  const hash = bytesToHex(party.primitives.sha256(utf8ToBytes(sealed)));
  const isSigned = succeeds(() => {
    const request = parseSigned(keep, ['Keep']);
    const signer = signerOf(party, 'Keep', request.message, request.signature);
    if (!signersOf(party).includes(signer)) return false;
    return request.message.handle === handle && request.message.state === hash;
  });
  if (!isSigned) throw new MedsealError('STATE_UNSIGNED', {});
  return hash;
}
