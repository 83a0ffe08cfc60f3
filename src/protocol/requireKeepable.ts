import { MedsealError } from '../errors/MedsealError.ts';
import type { DepositedPacket } from './AgentPort.ts';
import type { ProvenSheet } from './epochs.ts';

/** The most characters of one key packet: 17 categories over 120 spans of epochs take fewer. */
export const LONGEST_PACKET = 256 * 1024;
/** The most characters of the sealed state of a patient's devices: 9,000 grants take fewer. */
export const LONGEST_STATE = 8 * 2 ** 20;
/** A new right is given only while the state is smaller, so that one can always be ended. */
export const LONGEST_STATE_TO_GRANT = 7 * 2 ** 20;
/** The most characters of the recipients of one epoch with their proof: they take half of that. */
export const LONGEST_SHEET = 64 * 1024;

/** What a patient has nodes keep, as far as its size counts. */
export interface Keepable {
  /** Sealed, base64. */
  readonly state?: string | undefined;
  readonly packets?: readonly DepositedPacket[] | undefined;
  readonly sheets?: readonly ProvenSheet[] | undefined;
}

/**
 * Requires that nothing is larger than nodes keep. Clients ask before they sign, and each node before it keeps.
 *
 * @param keepable - Of the form that it must have.
 * @param longest - The most characters of a state.
 * @throws MedsealError `REQUEST_TOO_LARGE` with what it is and its limit, characters.
 */
export function requireKeepable(
  { state = '', packets = [], sheets = [] }: Keepable,
  longest = LONGEST_STATE,
): void {
  requireShort('state', state, longest);
  for (const { packet } of packets) requireShort('packet', packet, LONGEST_PACKET);
  for (const sheet of sheets) requireShort('sheet', JSON.stringify(sheet), LONGEST_SHEET);
}

function requireShort(what: string, text: string, limit: number): void {
  if (text.length > limit) throw new MedsealError('REQUEST_TOO_LARGE', { what, limit });
}
