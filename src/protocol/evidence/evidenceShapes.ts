import { ADDRESS, BYTES32, OneOf, SIGNATURE } from '../wire/findShapeError.ts';

/** A coordinator's verdict with its proof, exactly: `SignedVerdict`. */
export const VERDICT = {
  verdict: {
    kind: new OneOf('writes', 'views'),
    log: BYTES32,
    size: 'count',
    root: BYTES32,
    at: 'count',
    includeBy: 'count',
  },
  coordinator: ADDRESS,
  signature: SIGNATURE,
  index: 'count',
  proof: [BYTES32],
} as const;

/** A checkpoint and its place on the ledger, exactly. */
export const PLACED_CHECKPOINT = {
  checkpoint: {
    log: 'text',
    size: 'count',
    root: BYTES32,
    note: 'text',
    signatures: [{ coordinator: ADDRESS, signature: SIGNATURE }],
  },
  ledger: { transaction: BYTES32, block: 'count', note: 'text' },
} as const;
