import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryIssued } from '../../node/test/memoryIssued.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { sharedIssuedIds } from './sharedIssuedIds.ts';

const { address: party } = signatory('a patient');
const idOf = (patientId: string) => ({
  party,
  handle: word(patientId),
  patientId,
  salt: word('s'),
});

describe('patient IDs of several machines', () => {
  it('are found at another machine, and go before its own older ones', async () => {
    const [shared, a, b] = [memoryIssued(), memoryIssued(), memoryIssued()];
    await b.keep(idOf('older'));
    assert.deepEqual(await sharedIssuedIds(b, () => shared).find(party), idOf('older'));
    await sharedIssuedIds(a, () => shared).keep(idOf('newer'));
    assert.deepEqual(await sharedIssuedIds(b, () => shared).find(party), idOf('newer'));
    assert.deepEqual(a.all.get(party), idOf('newer'));
  });

  it('are not told if the shared folder does not keep them', async () => {
    const own = memoryIssued();
    const failing = {
      ...memoryIssued(),
      keep: async () => await Promise.reject(new Error('gone')),
    };
    await assert.rejects(sharedIssuedIds(own, () => failing).keep(idOf('one')), /gone/);
    assert.equal(own.all.size, 0);
  });

  it('are the machine’s own if none are shared', async () => {
    const own = memoryIssued();
    const ids = sharedIssuedIds(own, () => undefined);
    await ids.keep(idOf('one'));
    assert.deepEqual(await ids.find(party), idOf('one'));
  });
});
