import { ADDRESS, BYTES32, ListOf, OneOf } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { shapeOfType } from '../../protocol/shapes/shapeOfType.ts';
import { ACTIONS, CATEGORIES, PURPOSES } from '../../protocol/vocabulary.ts';
import { DeviceBook } from '../party/DeviceBook.ts';
import type { RightGiven } from '../rights/grantRight.ts';

/** The rest of a right that a rule narrows: it is due from before the right ends until the rest was given. */
export interface DueRight {
  /** The grant that ends. */
  readonly grant: Bytes32;
  readonly right: Omit<RightGiven, 'rule' | 'device'>;
}

/** The rests that are due. */
export const DUE_RIGHTS = new DeviceBook({
  name: 'due-rights',
  shape: shapeOfType<DueRight>('DueRight')({
    grant: BYTES32,
    right: {
      grantee: ADDRESS,
      categories: new ListOf(new OneOf(...CATEGORIES), CATEGORIES.length, 1),
      'record?': BYTES32,
      actions: new ListOf(new OneOf(...ACTIONS), ACTIONS.length, 1),
      purpose: new OneOf(...PURPOSES),
      'from?': 'count',
      until: 'count',
    },
  }),
  keyOf: ({ grant }) => grant,
  most: 2000,
});
