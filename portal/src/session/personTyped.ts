import type { Address } from '../../../src/protocol/ids.ts';
import type { Person } from './people.ts';

/** Somebody who is chosen in a form, as its draft keeps them. */
export interface PersonTyped {
  /** Empty while nobody is chosen. */
  readonly address: Address | '';
  readonly name: string;
}

/** Returns what a draft keeps of somebody who was chosen, or of nobody. */
export function personTyped(person?: Person): PersonTyped {
  return { address: person?.address ?? '', name: person?.name ?? '' };
}

/** Returns the person of a draft; undefined if nobody is chosen. */
export function personIn({ address, name }: PersonTyped): Person | undefined {
  return address === '' ? undefined : { address, name };
}
