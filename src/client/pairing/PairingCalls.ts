import type { Problem } from '../../errors/MedsealError.ts';
import type { PairingPort } from '../../crypto/threshold/PairingPort.ts';

/** One end of a channel of messages: a worker as its page sees it, a worker's own scope, or a port. */
export interface MessageEnd {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'error', listener: (event: { data?: unknown }) => void): void;
}

/** Functions of pairing arithmetic that the other end computes. */
export const PAIRING_CALLS = [
  'hashToG1',
  'multiplyG1',
  'multiplyBaseG2',
  'sumG1',
  'sumG2',
  'pair',
  'pairEqual',
  'requireG1',
  'requireG2',
] as const satisfies readonly (keyof PairingPort)[];

/** A call, or the question whether arithmetic could be loaded. */
export interface PairingCall {
  /** Number of the call, which its answer names. */
  readonly pairing: number;
  readonly call: keyof PairingPort | 'load';
  readonly given: readonly unknown[];
}

/** Answer to a call. */
export type PairingAnswer = { readonly answered: number } & (
  { readonly value: unknown } | { readonly problem: Problem }
);
