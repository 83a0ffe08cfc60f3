import type { Primitives } from '../Primitives.ts';

/** SHA-256, the only primitive that a Merkle tree needs. */
export type Sha256 = Pick<Primitives, 'sha256'>;
