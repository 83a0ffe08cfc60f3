import type { Party } from '../../../src/client/index.ts';
import type { Handle } from '../../../src/protocol/ids.ts';
import type { Role } from '../../../src/protocol/vocabulary.ts';
import type { Place } from './Place.ts';

/** A person who is at work in this page: the party with its keys, until the page locks. */
export interface Session {
  readonly place: Place;
  readonly party: Party;
  /** Role that the Registry gives the party; absent before the authority enrolled it. */
  readonly role?: Role;
  /** First second at which another key takes the place of this one, Unix: a recovery that the authority began. */
  readonly endsAt?: number;
  /** Name that the person chose for this key on this device. */
  readonly called: string;
  /** Handle of the person's own chart, for a patient. */
  readonly handle?: Handle;
}
