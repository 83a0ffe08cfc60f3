/**
 * Limits of the callers of a server. A request over a limit waits, or is turned away to try again: memory stays flat. One
 * address gets at most an eighth of what all share.
 */
export interface RequestLimits {
  /** Average number of requests per second from one address. */
  readonly requestsPerSecond: number;
  /** Requests that one address may send at once after a pause. */
  readonly burst: number;
  /** Connections at once. */
  readonly connections: number;
  /** Requests processed at once. */
  readonly requests: number;
  /** Sealed files sent or received at once. */
  readonly files: number;
  /** Calls that read the ledger at once. */
  readonly ledgerReads: number;
  /** Questions of anybody that this node passes on to other organisations at once. */
  readonly questions: number;
  /** Requests that wait for one of these to end. */
  readonly waiting: number;
  /** Longest wait of one of them, milliseconds. */
  readonly patience: number;
  /** Largest JSON body, bytes. */
  readonly bodyBytes: number;
  /** Bytes of all JSON bodies in memory at once. */
  readonly bodiesBytes: number;
  /** Longest time that a JSON body takes to arrive, milliseconds. */
  readonly bodyTime: number;
  /** Least rate of a body that arrives and of an answer that is taken, bytes per second. */
  readonly leastRate: number;
  /** Time that one may fall behind that, milliseconds: the longest silence. */
  readonly pause: number;
}

/** Default limits. */
export const DEFAULT_REQUEST_LIMITS: RequestLimits = {
  requestsPerSecond: 2000,
  burst: 4000,
  connections: 4096,
  requests: 256,
  files: 64,
  ledgerReads: 16,
  questions: 64,
  waiting: 1024,
  patience: 5000,
  bodyBytes: 16 * 2 ** 20,
  bodiesBytes: 256 * 2 ** 20,
  bodyTime: 30_000,
  leastRate: 8 * 2 ** 10,
  pause: 15_000,
};
