import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { BINARY_VALUES, type ServiceDatabase } from '../../database/synced.ts';
import { sampleEncryption } from '../../log/test/sampleLog.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { doctor, HANDLE, LOG, NOW, sampleBody } from '../../protocol/test/sampleEvidence.ts';
import { context, primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { listPairs, pairBytes, pairLeaf } from '../../protocol/evidence/viewSet.ts';
import { bodyKey, pairKey } from './coordinatorKeys.ts';
import { faultOfList, pairExamination } from './faultOfPairs.ts';

const SALT = `0x${'0d'.repeat(16)}` as const;
const bodies = sampleEncryption();
const records = ['one', 'two', 'three'].map((name) => ({ record: word(name), version: 1 }));
const { pairs, root, count } = listPairs(primitives, SALT, records);
const set = sign(context, doctor, 'ViewSet', {
  log: LOG,
  handle: HANDLE,
  root,
  count,
  grant: word('grant'),
  purpose: 'TREAT',
  keep: 0,
  deadline: NOW + 300,
  salt: SALT,
});
const body = utf8ToBytes(canonicalJson({ ...sampleBody(), request: set, left: [1] }));
const entry = bytesToHex(primitives.sha256(body));
const leaves = pairs.map((pair) => pairLeaf(primitives, SALT, pair));
const [first = '0x', second = '0x'] = leaves;

let database: ServiceDatabase;

beforeEach(async () => {
  database = new MemoryDatabase();
  await put(bodyKey(entry), bodies.seal(0, body));
  for (const [nth, pair] of pairs.entries()) {
    const row = bodies.seal(0, pairBytes(SALT, pair));
    await put(pairKey(entry, leaves[nth] ?? '0x'), row);
  }
});

async function put(key: string, value: Uint8Array): Promise<void> {
  await database.put<string, Uint8Array>(key, value, BINARY_VALUES);
}

async function ofList(of = body): Promise<string | undefined> {
  return await faultOfList(primitives, { database, bodies }, entry, of);
}

async function ofPair(key: string): Promise<string | undefined> {
  return await pairExamination({ database, bodies })(key);
}

describe('the list of a set of views on the disk', () => {
  it('is whole as it was written, and with the leaf alone of what was left out', async () => {
    assert.equal(await ofList(), undefined);
    await put(pairKey(entry, second), new Uint8Array(0));
    assert.equal(await ofList(), undefined);
    assert.equal(await ofPair(pairKey(entry, second)), undefined);
  });

  // @actor whoever can write a node's store | empties the row of a record that a view got
  // @attack an accepted record is taken out of the list of a view | the examination of the folder finds it, and the node takes it from its logs or from others
  it('is not with the leaf alone of what was accepted', async () => {
    await put(pairKey(entry, first), new Uint8Array(0));
    assert.match((await ofList()) ?? '', /does not name each record that was accepted/);
  });

  it('is not if a row is lost, altered, another’s or one too many', async () => {
    const other = await database.get<string, Uint8Array>(pairKey(entry, second), BINARY_VALUES);
    assert.ok(other);
    const strange = bodies.seal(0, pairBytes(SALT, { record: word('strange'), version: 1 }));
    for (const [leaf, row] of [
      [first, undefined],
      [first, other],
      [first, other.map((byte) => byte ^ 1)],
      [word('too many'), strange],
      [word('too many'), new Uint8Array(0)],
    ] as const) {
      const key = pairKey(entry, leaf);
      const before = await database.get<string, Uint8Array>(key, BINARY_VALUES);
      if (row === undefined) await database.del(key);
      else await put(key, row);
      assert.match((await ofList()) ?? '', /is not the one that was signed/);
      if (before === undefined) await database.del(key);
      else await put(key, before);
    }
    assert.equal(await ofList(), undefined);
  });

  // @attack somebody fills stores with long lists, so that an examination of the folder takes hours | each list's body is read once
  it('has its body read once for all of its rows', async () => {
    const read: Uint8Array[] = [];
    const open: typeof bodies.open = (...given) => {
      const body = bodies.open(...given);
      if (body !== undefined) read.push(body);
      return body;
    };
    const faultOf = pairExamination({ database, bodies: { ...bodies, open } });
    for (const leaf of leaves) assert.equal(await faultOf(pairKey(entry, leaf)), undefined);
    assert.equal(read.length, 1);
  });

  it('belongs to the body of a set', async () => {
    assert.equal(await ofPair(pairKey(word('no body'), first)), 'belongs to no body');
    assert.equal(await ofPair('pair/altered'), 'belongs to no body');
    const write = utf8ToBytes(canonicalJson(sampleBody()));
    const of = bytesToHex(primitives.sha256(write));
    await put(bodyKey(of), bodies.seal(0, write));
    assert.equal(await ofPair(pairKey(of, first)), 'belongs to no set of views');
    assert.equal(await ofList(write), undefined);
  });
});
