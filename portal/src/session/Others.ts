import type { Address, Handle } from '../../../src/protocol/ids.ts';

/** Reasons for which something that is signed concerns nobody else. */
export const NOBODY = {
  'own-records': 'it is about records of the person who signs, and gives them to nobody',
  organisation: 'it names an organisation of the authority, which has no key of a party',
  unread: 'the device cannot open the right that ends, and so does not know whose it is',
} as const;

/** Those whom something concerns that is signed, by the request's own fields. */
interface Named {
  /** Parties that get something by it: each has to be known and not suspended. */
  readonly to?: readonly Address[];
  /** Parties whom it concerns in another way. */
  readonly about?: readonly Address[];
  /** Charts that it names: whoever controls each is named by it. */
  readonly charts?: readonly Handle[];
}

/** All whom something concerns that is signed, or the reason for which it concerns nobody. The person who signs can be among them. */
export type Others =
  | keyof typeof NOBODY
  | ((
      Required<Pick<Named, 'to'>> | Required<Pick<Named, 'about'>> | Required<Pick<Named, 'charts'>>
    ) &
      Named & {
        /** True for an act that takes something away: it waits for nobody's role, so that it works while no quorum answers. */
        readonly isEnd?: boolean;
      });
