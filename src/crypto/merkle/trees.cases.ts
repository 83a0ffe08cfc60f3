import { hexToBytes } from '../bytes.ts';
import { portablePrimitives as primitives } from '../portablePrimitives.ts';
import { emptyRoot } from './emptyRoot.ts';
import { leafHash } from './leafHash.ts';
import { memoryTree } from './memoryTree.ts';
import { nodeHash } from './nodeHash.ts';
import { rootOf } from './rootOf.ts';

/** The entries that Certificate Transparency's implementations share for their tests. */
export const ENTRIES = [
  '0x',
  '0x00',
  '0x10',
  '0x2021',
  '0x3031',
  '0x40414243',
  '0x5051525354555657',
  '0x606162636465666768696a6b6c6d6e6f',
].map(hexToBytes);
/** Roots of their trees of 0 to 8 leaves. */
export const ROOTS = [
  '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  '0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  '0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  '0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  '0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
] as const;
const L0 = '0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';
const L1 = '0x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const L4 = '0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const N23 = '0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const N45 = '0x0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const N67 = '0xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const N47 = '0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
/** Their inclusion proofs. */
export const INCLUSION = [
  { index: 0, size: 1, proof: [] },
  { index: 0, size: 8, proof: [L1, N23, N47] },
  { index: 5, size: 8, proof: [L4, N67, ROOTS[4]] },
  { index: 2, size: 3, proof: [ROOTS[2]] },
  { index: 1, size: 5, proof: [L0, N23, L4] },
];
/** Their consistency proofs. */
export const CONSISTENCY = [
  { first: 1, second: 1, proof: [] },
  { first: 1, second: 8, proof: [L1, N23, N47] },
  { first: 6, second: 8, proof: [N45, N67, ROOTS[4]] },
  { first: 2, second: 5, proof: [N23, L4] },
];

/** Their tree of 8 leaves. */
export const published = memoryTree(
  primitives,
  ENTRIES.map((entry) => leafHash(primitives, entry)),
);

/** Every size to this one is tried. */
export const LARGEST = 130;
/** Leaf hashes of a tree of the largest size. */
export const leaves = Array.from({ length: LARGEST }, (_, index) =>
  leafHash(primitives, Uint8Array.of(index)),
);
/** That tree. */
export const tree = memoryTree(primitives, leaves);
/** Its root at every size. */
export const roots = Array.from({ length: LARGEST + 1 }, (_, size) =>
  rootOf(primitives, leaves.slice(0, size)),
);

/** RFC 9162 §2.1.1, word for word. */
export function mth(entries: readonly Uint8Array[]): Uint8Array {
  const [only, next] = entries;
  if (only === undefined) return emptyRoot(primitives);
  if (next === undefined) return only;
  const split = 2 ** Math.floor(Math.log2(entries.length - 1));
  return nodeHash(primitives, mth(entries.slice(0, split)), mth(entries.slice(split)));
}

/** A tree too large to hold, all of whose leaves are equal but the few behind 2^40. */
export function sparse(level: number, index: number): Uint8Array {
  if (level === 0) return leaves[index < 2 ** 40 ? 0 : 1 + (index % 100)] as Uint8Array;
  let hash = leaves[0] as Uint8Array;
  if (index * 2 ** level >= 2 ** 40) {
    return nodeHash(primitives, sparse(level - 1, index * 2), sparse(level - 1, index * 2 + 1));
  }
  for (let i = 0; i < level; i++) hash = nodeHash(primitives, hash, hash);
  return hash;
}

/** The bytes with one bit changed, somewhere. */
export function flip(bytes: Uint8Array, where: number): Uint8Array {
  const at = where % bytes.length;
  return bytes.with(at, (bytes[at] as number) ^ (1 << (where & 7)));
}
