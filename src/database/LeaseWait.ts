import type { MedsealError } from '../errors/MedsealError.ts';

/** A wait for the lease that another writer has. */
export interface LeaseWait {
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Called with each reason to wait, again while it lasts: another writer, or a server that does not answer any more. */
  readonly onWaiting: (reason: MedsealError) => void;
}
