import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import * as fc from 'fast-check';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { deleteFromTrie, getFromTrie, putIntoTrie } from './changeTrie.ts';
import { toNibbles } from './nibbles.ts';
import { orderedRoot } from './orderedRoot.ts';
import { EMPTY_ROOT, sealTrie } from './sealTrie.ts';
import { decodeNode, type TrieNode } from './TrieNode.ts';

/** A trie whose nodes live in a map, sealed and forgotten after every step when `forget` says so. */
class StoredTrie {
  readonly nodes = new Map<string, Uint8Array>();
  root: TrieNode | null = null;

  load = (hash: Uint8Array): TrieNode => {
    const encoded = this.nodes.get(bytesToHex(hash));
    if (encoded === undefined) throw new Error('absent');
    return decodeNode(encoded, hash);
  };

  put(key: Uint8Array, value: Uint8Array) {
    this.root = putIntoTrie(this.root, toNibbles(key), value, this.load);
  }

  del(key: Uint8Array) {
    this.root = deleteFromTrie(this.root, toNibbles(key), this.load);
  }

  get(key: Uint8Array) {
    return getFromTrie(this.root, toNibbles(key), this.load);
  }

  seal(forget: boolean): Uint8Array {
    const hash = sealTrie(this.root, portablePrimitives, (ref, encoded) => {
      assert.deepEqual(portablePrimitives.keccak256(encoded), ref);
      this.nodes.set(bytesToHex(ref), encoded);
    });
    if (forget && this.root !== null) this.root = this.load(hash);
    return hash;
  }
}

test('the root of the empty trie and of the well-known dog trie are as Ethereum has them', () => {
  assert.equal(
    bytesToHex(sealTrie(null, portablePrimitives, () => {})),
    '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421',
  );
  assert.deepEqual(portablePrimitives.keccak256(Uint8Array.of(0x80)), EMPTY_ROOT);
  // ethereum/tests TrieTests/trieanyorder.json, "singleItem"
  const single = new StoredTrie();
  single.put(utf8ToBytes('A'), utf8ToBytes('a'.repeat(50)));
  assert.equal(
    bytesToHex(single.seal(false)),
    '0xd23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab',
  );
});

const key = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  // Few distinct nibbles, so that paths share long prefixes.
  fc
    .array(fc.constantFrom(0, 1, 16), { minLength: 4, maxLength: 4 })
    .map((a) => Uint8Array.from(a)),
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constant('put'), key, fc.uint8Array({ minLength: 1, maxLength: 40 })),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant('del'), key, fc.constant(new Uint8Array())) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('seal'), key, fc.constant(new Uint8Array())) },
);

test('any sequence of changes gives the root and the values that @ethereumjs/mpt gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.boolean(), async (steps, forget) => {
      const ours = new StoredTrie();
      const theirs = new MerklePatriciaTrie();
      const keys = new Map<string, Uint8Array>();
      for (const [what, at, value] of steps) {
        keys.set(bytesToHex(at), at);
        if (what === 'put') {
          ours.put(at, value);
          await theirs.put(at, value);
        } else if (what === 'del') {
          ours.del(at);
          await theirs.del(at);
        } else {
          assert.equal(bytesToHex(ours.seal(forget)), bytesToHex(theirs.root()));
        }
      }
      assert.equal(bytesToHex(ours.seal(forget)), bytesToHex(theirs.root()));
      for (const at of keys.values()) {
        const value = await theirs.get(at);
        assert.deepEqual(ours.get(at), value === null ? undefined : value);
      }
    }),
    { numRuns: 300 },
  );
});

test('a root that was sealed keeps its values whatever is changed after it', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { minLength: 1, maxLength: 20, selector: bytesToHex }),
      (keys) => {
        const trie = new StoredTrie();
        for (const at of keys) trie.put(at, Uint8Array.of(1));
        trie.seal(false);
        const before = trie.root;
        for (const at of keys) trie.put(at, Uint8Array.of(2));
        for (const at of keys.slice(1)) trie.del(at);
        trie.seal(false);
        for (const at of keys) {
          assert.deepEqual(getFromTrie(before, toNibbles(at), trie.load), Uint8Array.of(1));
        }
      },
    ),
  );
});

test('the root of a list is the one that @ethereumjs/mpt builds over RLP indexes', async () => {
  const items = Array.from({ length: 300 }, (_, i) =>
    utf8ToBytes(`item ${i} ${'x'.repeat(i % 50)}`),
  );
  for (const count of [0, 1, 2, 127, 128, 129, 300]) {
    const theirs = new MerklePatriciaTrie();
    for (const [index, item] of items.slice(0, count).entries()) {
      await theirs.put(
        index === 0
          ? Uint8Array.of(0x80)
          : index < 128
            ? Uint8Array.of(index)
            : index < 256
              ? Uint8Array.of(0x81, index)
              : Uint8Array.of(0x82, index >> 8, index & 255),
        item,
      );
    }
    assert.deepEqual(
      orderedRoot(items.slice(0, count), portablePrimitives),
      new Uint8Array(theirs.root()),
    );
  }
});
