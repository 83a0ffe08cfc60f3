import type { Primitives } from '../../crypto/Primitives.ts';

/** The hash that everything on an Ethereum ledger is named by. */
export type Keccak = Pick<Primitives, 'keccak256'>;
