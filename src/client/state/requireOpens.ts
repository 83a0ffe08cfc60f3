import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Handle } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { Party } from '../party/Party.ts';
import type { PatientState } from './PatientState.ts';

/**
 * Requires that a state opens the handle of a chart.
 *
 * @param party - The patient.
 * @param handle - The handle.
 * @param state - The opening in the state.
 * @throws MedsealError `KEY_UNAUTHENTIC`.
 */
export function requireOpens(
  party: Party,
  handle: Handle,
  { patientId, salt }: Pick<PatientState, 'patientId' | 'salt'>,
): void {
  const channel = logOf(party.network, party.log).channel.name;
  const opened = handleOf(party.primitives, { channel, patientId, salt: hexToBytes(salt) });
  if (bytesToHex(opened) !== handle) throw new MedsealError('KEY_UNAUTHENTIC', { what: 'handle' });
}
