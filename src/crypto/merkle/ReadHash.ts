/**
 * Reads the hash of a complete subtree, however its owner keeps it.
 *
 * @param level - 0 for leaf hashes; a subtree of level n has 2^n leaves.
 * @param index - Place of the subtree in its level: it holds the leaves from `index · 2^level`.
 * @returns 32 bytes.
 */
export type ReadHash = (level: number, index: number) => Uint8Array | Promise<Uint8Array>;
