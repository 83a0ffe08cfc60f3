import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import type { Party } from '../../client/party/Party.ts';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import type { Handle, RecordId } from '../../protocol/ids.ts';
import { forgetTitles, readTitles, rememberTitles } from './knownTitles.ts';

const HANDLE: Handle = `0x${'aa'.repeat(32)}`;
const OTHER: Handle = `0x${'bb'.repeat(32)}`;

function recordOf(number: number): RecordId {
  return `0x${number.toString(16).padStart(64, '0')}`;
}

async function partyAt(device: Party['device'], seed: number): Promise<Party> {
  const keys = new PartyKeys(new Uint8Array(32).fill(seed));
  return { device, keys, recipient: await recipientOf(keys.identity()) } as unknown as Party;
}

describe('the titles that a device knows', () => {
  const first = { record: recordOf(1), version: 1 };

  it('are those of a version of one chart, sealed to the party, until they are forgotten', async () => {
    const device = memoryDevice();
    const party = await partyAt(device, 1);
    await rememberTitles(party, HANDLE, [{ ...first, title: 'Report on HIV' }]);
    const second = { record: recordOf(2), version: 1 };
    await rememberTitles(party, HANDLE, [{ ...second, title: 'x'.repeat(200) }]);
    const titles = await readTitles(party, HANDLE);
    assert.equal(titles.of(first), 'Report on HIV');
    assert.equal(titles.of({ ...first, version: 2 }), undefined);
    assert.equal(titles.of(second)?.length, 80);
    assert.equal((await readTitles(party, OTHER)).of(first), undefined);
    const stored = await device.read(`titles-${HANDLE.slice(2)}`);
    assert.ok(typeof stored === 'string' && !Buffer.from(stored, 'base64').includes('HIV'));
    assert.equal((await readTitles(await partyAt(device, 2), HANDLE)).of(first), undefined);

    await forgetTitles(party, HANDLE, [first]);
    const left = await readTitles(party, HANDLE);
    assert.deepEqual([left.of(first), left.of(second)?.length], [undefined, 80]);
    await forgetTitles(party, HANDLE);
    assert.equal((await readTitles(party, HANDLE)).of(second), undefined);
  });

  it('are no more than a device needs: the oldest go first', async () => {
    const party = await partyAt(memoryDevice(), 1);
    const titled = Array.from({ length: 2001 }, (_, number) => ({
      record: recordOf(number),
      version: 1,
      title: `No. ${number}`,
    }));
    await rememberTitles(party, HANDLE, titled);
    const titles = await readTitles(party, HANDLE);
    assert.equal(titles.of({ record: recordOf(0), version: 1 }), undefined);
    assert.equal(titles.of({ record: recordOf(2000), version: 1 }), 'No. 2000');
  });
});
