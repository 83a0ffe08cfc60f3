import type { Session } from '../src/session/Session.ts';
import type { Address, Bytes32 } from '../../src/protocol/ids.ts';

/** A moment that each sample names, Unix seconds: 14 March 2026. */
export const AT = 1_773_480_000;
export const ADDRESS: Address = `0x${'5a'.repeat(20)}`;
export const HASH: Bytes32 = `0x${'c3'.repeat(32)}`;

/** Nobody: a party without keys, which no component asks anything of before somebody presses a button. */
export const SESSION = {
  party: { address: ADDRESS },
  called: 'Ana Ferreira',
} as unknown as Session;

/** Takes whatever a component tells of, and does nothing. */
export function ignore(): void {
  // The gallery shows how a component looks.
}
