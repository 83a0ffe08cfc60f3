import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { bytesOfBase64 } from './answerFields.ts';
import { varint } from './encodeProto.ts';
import { parseStoreProof, type ExistenceProof, type StoreProof } from './StoreProof.ts';
import { vectors } from './test/vectors.ts';
import { type Proven, verifyStoreProof } from './verifyStoreProof.ts';

interface Query {
  readonly response: { readonly proofOps: { readonly ops: readonly { readonly data: string }[] } };
}

/** The recorded proofs by key: the bytes of the proof in the store and of the one of the store. */
const recorded = new Map(
  Object.entries(vectors.answers)
    .filter(([name]) => name.startsWith('abci_query'))
    .map(([name, answer]) => {
      const { data } = JSON.parse(name.slice(11)) as { data: string };
      const { ops } = (answer as Query).response.proofOps;
      return [data, ops.map((op) => bytesOfBase64(op.data))] as const;
    }),
);
const next = vectors.answers[`commit {"height":"${vectors.height + 1}"}`] as {
  readonly signed_header: { readonly header: { readonly app_hash: string } };
};
const appHash = hexToBytes(`0x${next.signed_header.header.app_hash}`);

function read(data: string, inStore: Uint8Array, inState: Uint8Array): Proven {
  const root = verifyStoreProof(
    primitives,
    'simple',
    appHash,
    utf8ToBytes('evm'),
    parseStoreProof(inState),
  );
  if (root === undefined || root === null) return undefined;
  return verifyStoreProof(
    primitives,
    'iavl',
    root,
    hexToBytes(`0x${data}`),
    parseStoreProof(inStore),
  );
}

describe('verifyStoreProof', () => {
  it('shows what a ledger has, what it does not, and what lies beyond its first and last key', () => {
    const shown = [...recorded].slice(0, 9).map(([data, [inStore, inState]]) => {
      assert.ok(inStore && inState);
      const value = read(data, inStore, inState);
      return value === undefined
        ? 'nothing'
        : value === null
          ? 'absent'
          : bytesToHex(value).slice(-4);
    });
    assert.deepEqual(shown, [
      '002a',
      'absent',
      '1234',
      '0007',
      'absent',
      'ffff',
      'absent',
      'absent',
      'absent',
    ]);
  });

  it('shows nothing else if one byte of a proof is another', () => {
    let refused = 0;
    for (const [data, proofs] of recorded) {
      const [inStore, inState] = proofs;
      assert.ok(inStore && inState);
      const honest = read(data, inStore, inState);
      for (const changed of [inStore, inState]) {
        for (let place = 0; place < changed.length; place++) {
          const kept = changed[place] ?? 0;
          changed[place] = kept ^ (1 << (place % 8));
          const told = tryRead(data, inStore, inState);
          changed[place] = kept;
          if (told === undefined) refused++;
          else assert.deepEqual(told, honest, `${data} at ${place}`);
        }
      }
    }
    assert.ok(refused > 2000, `${refused} refused`);
  });

  it('refuses a gap between two keys that are not neighbours', () => {
    const [low, high] = [...recorded.values()]
      .map(([inStore]) => parseStoreProof(inStore ?? new Uint8Array()))
      .filter((proof): proof is { exists: ExistenceProof } => 'exists' in proof)
      .map(({ exists }) => exists)
      .filter(({ key }) => [0, 8].includes(key.at(-1) ?? -1));
    assert.ok(low && high);
    const [, inState] = recorded.values().next().value ?? [];
    assert.ok(inState);
    const root = verifyStoreProof(
      primitives,
      'simple',
      appHash,
      utf8ToBytes('evm'),
      parseStoreProof(inState),
    );
    assert.ok(root);
    const key = low.key.slice();
    key[key.length - 1] = 5;
    const show = (proof: StoreProof): Proven =>
      verifyStoreProof(primitives, 'iavl', root, key, proof);
    assert.equal(show({ left: low, right: high }), undefined);
    assert.equal(show({ left: low }), undefined);
    assert.equal(show({ right: high }), undefined);
    assert.equal(show({}), undefined);
    assert.equal(show({ left: high, right: low }), undefined);
    assert.equal(show({ exists: low }), undefined);
  });

  it('takes no inner node for a leaf, and no leaf for an inner node', () => {
    const { exists } = leafOf();
    const root = rootOf(exists);
    const show = (proof: ExistenceProof, at = root): Proven =>
      verifyStoreProof(primitives, 'iavl', at, proof.key, { exists: proof });
    assert.deepEqual(show(exists), exists.value);
    // A leaf's prefix that swallows a part of the key.
    const longer = { ...exists, leafPrefix: concatBytes(exists.leafPrefix, varint(0)) };
    assert.equal(show(longer, rootOf(longer)), undefined);
    const inner = { ...exists, leafPrefix: Uint8Array.of(2, 2, 2) };
    assert.equal(show(inner, rootOf(inner)), undefined);
    // A step of height 0 would be a leaf.
    for (const prefix of [[0, 2, 2, 32], [2, 2, 2, 33], [2, 2, 32], [1, 2, 2, 32], []]) {
      const step = { prefix: Uint8Array.from(prefix), suffix: new Uint8Array(33).fill(32) };
      const deeper = { ...exists, path: [step] };
      assert.equal(show(deeper, rootOf(deeper)), undefined, prefix.join());
    }
    const sound = { prefix: Uint8Array.of(2, 2, 2, 32), suffix: new Uint8Array(33).fill(32) };
    const deeper = { ...exists, path: [sound] };
    assert.deepEqual(show(deeper, rootOf(deeper)), exists.value);
    const short = { ...exists, path: [{ ...sound, suffix: new Uint8Array(32).fill(32) }] };
    assert.equal(show(short, rootOf(short)), undefined);
    const endless = { ...exists, path: Array.from({ length: 129 }, () => sound) };
    assert.equal(show(endless, rootOf(endless)), undefined);
    const empty = { ...exists, value: new Uint8Array() };
    assert.equal(show(empty, rootOf(empty)), undefined);
  });
});

function tryRead(data: string, inStore: Uint8Array, inState: Uint8Array): Proven {
  try {
    return read(data, inStore, inState);
  } catch {
    return undefined;
  }
}

function leafOf(): { exists: ExistenceProof } {
  const key = utf8ToBytes('key');
  return {
    exists: { key, value: utf8ToBytes('value'), leafPrefix: Uint8Array.of(0, 2, 2), path: [] },
  };
}

/** The root by the hash's definition alone, without a look at the form. */
function rootOf({ key, value, leafPrefix, path }: ExistenceProof): Uint8Array {
  const hashed = primitives.sha256(value);
  const leaf = concatBytes(leafPrefix, varint(key.length), key, varint(32), hashed);
  return path.reduce(
    (hash, { prefix, suffix }) => primitives.sha256(concatBytes(prefix, hash, suffix)),
    primitives.sha256(leaf),
  );
}
