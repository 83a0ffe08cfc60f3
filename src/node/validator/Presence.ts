import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** Shape of the state of a validator, as its engine tells it every few seconds. */
export const PRESENCE = {
  height: 'count',
  behind: 'boolean',
  peers: 'count',
  window: 'count',
  mostMissed: 'count',
  validators: [
    {
      organisation: 'text',
      key: BYTES32,
      power: 'count',
      missed: 'count',
      aside: 'boolean',
      out: 'boolean',
    },
  ],
} as const;

/**
 * State of a validator: the height of its newest block, if it is behind the others, the number of nodes that it is
 * connected with, and of each validator of the ledger how many of the last `window` blocks it `missed`. With more than
 * `mostMissed` it is set `aside`; one that signed two blocks of one height is `out` for good.
 */
export type Presence = Of<typeof PRESENCE>;
