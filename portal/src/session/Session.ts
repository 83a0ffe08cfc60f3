import type { Party } from '../../../src/client/index.ts';
import type { Mandate } from '../../../src/protocol/care/mandates.ts';
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
  /** Set while the person acts for a patient: party, name and chart are the patient's. */
  readonly acting?: ActingHere;
}

/** Facts of a session in which a person acts for a patient. */
export interface ActingHere {
  /** The person's own session, which goes on behind it. */
  readonly own: Session;
  /** The words by which the person acts. */
  readonly mandate: Mandate;
  /** True once the mandate ended or was over, and nothing of the chart is shown any more. */
  readonly isOver?: boolean;
}
