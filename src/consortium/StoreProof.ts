import { allOf, bytesOf, decodeProto } from './decodeProto.ts';

/** A step from a node towards the root: the node's hash stands between prefix and suffix. */
export interface ProofStep {
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
}

/** Claims that a tree has a value under a key. */
export interface ExistenceProof {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Bytes that stand before key and value in what is hashed. */
  readonly leafPrefix: Uint8Array;
  /** The step nearest to the leaf first. */
  readonly path: readonly ProofStep[];
}

/** Claims about one key (ICS-23): that it has a value, or that its two neighbours stand side by side. */
export type StoreProof =
  | { readonly exists: ExistenceProof }
  | { readonly left?: ExistenceProof; readonly right?: ExistenceProof };

/**
 * Reads a proof that the state's stores make, an ICS-23 `CommitmentProof`. The hash functions that it names are not
 * read: `verifyStoreProof` knows the only ones that the stores use.
 *
 * @throws MedsealError `PEER_MALFORMED` if it is not a proof.
 */
export function parseStoreProof(bytes: Uint8Array): StoreProof {
  const proof = decodeProto(bytes);
  const [exists] = allOf(proof, 1);
  if (exists !== undefined) return { exists: existence(exists) };
  const absent = decodeProto(bytesOf(proof, 2));
  const [left] = allOf(absent, 2);
  const [right] = allOf(absent, 3);
  return {
    ...(left === undefined ? {} : { left: existence(left) }),
    ...(right === undefined ? {} : { right: existence(right) }),
  };
}

function existence(bytes: Uint8Array): ExistenceProof {
  const proof = decodeProto(bytes);
  return {
    key: bytesOf(proof, 1),
    value: bytesOf(proof, 2),
    leafPrefix: bytesOf(decodeProto(bytesOf(proof, 3)), 5),
    path: allOf(proof, 4).map((step) => {
      const message = decodeProto(step);
      return { prefix: bytesOf(message, 2), suffix: bytesOf(message, 3) };
    }),
  };
}
