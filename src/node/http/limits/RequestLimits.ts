/**
 * How much of a door its callers can take up. What is over that waits, or is told to come again: memory stays flat. One
 * address gets an eighth of what is for all at most.
 */
export interface RequestLimits {
  /** Requests of one address in a second, on the average. */
  readonly requestsPerSecond: number;
  /** Requests that one address may send at once, where it sent none for a while. */
  readonly burst: number;
  /** Connections at once. */
  readonly connections: number;
  /** Requests that are worked on at a time. */
  readonly requests: number;
  /** Sealed files that come or go at a time. */
  readonly files: number;
  /** Requests that wait for one of these to end. */
  readonly waiting: number;
  /** How long one of them waits at most, milliseconds. */
  readonly patience: number;
  /** Bytes of one JSON body. */
  readonly bodyBytes: number;
  /** Bytes of all JSON bodies that are in memory at a time. */
  readonly bodiesBytes: number;
  /** How long a JSON body may take to arrive, milliseconds. */
  readonly bodyTime: number;
  /** Bytes per second that a body comes with at least, and an answer goes with. */
  readonly leastRate: number;
  /** How far one may fall behind that, milliseconds: the longest silence. */
  readonly pause: number;
}

/** What holds if nothing else is said. */
export const DEFAULT_REQUEST_LIMITS: RequestLimits = {
  requestsPerSecond: 2000,
  burst: 4000,
  connections: 4096,
  requests: 256,
  files: 64,
  waiting: 1024,
  patience: 5000,
  bodyBytes: 16 * 2 ** 20,
  bodiesBytes: 256 * 2 ** 20,
  bodyTime: 30_000,
  leastRate: 8 * 2 ** 10,
  pause: 15_000,
};
