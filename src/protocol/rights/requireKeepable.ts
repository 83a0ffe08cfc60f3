import { MedsealError } from '../../errors/MedsealError.ts';
import type { DepositedPacket } from '../AgentPort.ts';
import type { ProvenSheet } from './epochs.ts';

/** Largest number of characters of one key packet: 17 categories over 120 spans of epochs take fewer. */
export const LONGEST_PACKET = 256 * 1024;
/** Largest number of characters of the sealed state of a patient's devices: 9,000 grants take fewer. */
export const LONGEST_STATE = 8 * 2 ** 20;
/** A new right is given only while the state is smaller, so that a right can always be ended. */
export const LONGEST_STATE_TO_GRANT = 7 * 2 ** 20;
/** Largest number of characters of the recipients of one epoch with their proof: with the patient’s own they take two thirds of that. */
export const LONGEST_SHEET = 96 * 1024;

/** Deposit of a patient, as far as its size counts. */
export interface Keepable {
  /** Sealed, base64. */
  readonly state?: string | undefined;
  readonly packets?: readonly DepositedPacket[] | undefined;
  readonly sheets?: readonly ProvenSheet[] | undefined;
}

/**
 * Requires that a deposit is not larger than nodes accept. Clients call it before they sign, and each node before it
 * stores.
 *
 * @param keepable - Deposit that is not malformed.
 * @param longest - Largest number of characters of a state.
 * @throws MedsealError `REQUEST_TOO_LARGE` with the name of the value and its limit in characters.
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
