import type { Hex } from '../../protocol/ids.ts';

/** A question to a token; `medseal-pkcs11` says what each one does. */
export interface TokenQuestion {
  readonly id: number;
  readonly do: 'look' | 'find' | 'take' | 'sign';
  /** Label of the key. */
  readonly object?: string;
  readonly digest?: Hex;
}

/** Kinds of failures of a token: those that the helper tells, and `silent`, if it did not answer in time. */
export const TOKEN_FAILURES = ['module', 'absent', 'pin', 'key', 'unusable', 'silent'] as const;

/** A kind of failures of a token. */
export type TokenFailure = (typeof TOKEN_FAILURES)[number];

/** The answer to a question. */
export interface TokenAnswer {
  readonly id: number;
  readonly key?: Hex;
  readonly signature?: Hex;
  readonly code?: TokenFailure;
  /** The fault in words, if there is a code. */
  readonly reason?: string;
}

/** Settings of the thread that asks a token. */
export interface TokenThreadData {
  /** The helper: its path, or its name if the system finds it. */
  readonly program: string;
  /** Path of the module. */
  readonly module: string;
  /** Label of the token. */
  readonly token: string;
  /** Path of the file with the PIN. */
  readonly pin: string;
  /** Milliseconds that a look or a signature may take. */
  readonly patience: number;
  /** Counts answers, for a thread that waits for one. */
  readonly answered: SharedArrayBuffer;
}
