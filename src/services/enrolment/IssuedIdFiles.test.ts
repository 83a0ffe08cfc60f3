import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { primitives, signatory } from '../../protocol/test/sampleNetwork.ts';
import { IssuedIdFiles } from './IssuedIdFiles.ts';

const CHANNEL = 'care';
const patientId = 'PT-1234567890';
const salt = `0x${'0a'.repeat(16)}` as const;
const party = signatory('patient').address;
const opened = handleOf(primitives, { channel: CHANNEL, patientId, salt: hexToBytes(salt) });
const issued = { party, handle: bytesToHex(opened), patientId, salt };

describe('the patient IDs that a member of the authority issued', () => {
  it('are found again under their party, and altered by nobody', async () => {
    const ids = new IssuedIdFiles(memoryFiles(), 'authority/hospital/');
    assert.equal(await ids.find(party), undefined);
    assert.deepEqual(await ids.names(), []);
    await ids.keep(issued);
    assert.deepEqual(await ids.find(party), issued);
    assert.deepEqual(await ids.names(), [party]);
    assert.deepEqual(await ids.findAltered(primitives, [CHANNEL]), []);
    assert.deepEqual(await ids.findAltered(primitives, ['research', CHANNEL]), []);
    assert.deepEqual(await ids.findAltered(primitives, ['research']), [
      `authority/hospital/issued/${party}.json`,
    ]);
  });

  it('are given to nobody from a file that was altered, cut off, or is another party’s', async () => {
    const other = signatory('other').address;
    const { handle: _, ...cut } = issued;
    for (const value of [{ ...issued, party: other }, { ...issued, salt: '0x0a' }, cut, {}, null]) {
      const files = memoryFiles();
      await writeJsonFile(files, `issued/${party}.json`, value);
      const what = `issued/${party}.json was altered`;
      await assert.rejects(
        new IssuedIdFiles(files).find(party),
        failsWith('FOLDER_FOREIGN', { path: files.path, what }),
      );
    }
  });

  it('are told if one does not open its handle, is another party’s, spelt in another way, or not JSON', async () => {
    const other = signatory('other').address;
    for (const text of [
      JSON.stringify({ ...issued, patientId: 'PT-1234567891' }),
      JSON.stringify({ ...issued, party: other }),
      JSON.stringify({
        ...issued,
        salt: salt.replaceAll(/[a-f]/g, (digit) => digit.toUpperCase()),
      }),
      JSON.stringify({ ...issued, more: true }),
      '{',
    ]) {
      const files = memoryFiles();
      const ids = new IssuedIdFiles(files);
      await ids.keep(issued);
      await files.remove(`issued/${party}.json`);
      await files.write(`issued/${party}.json`, once(text));
      assert.deepEqual(await ids.findAltered(primitives, [CHANNEL]), [`issued/${party}.json`]);
    }
  });
});

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield utf8ToBytes(text);
  await Promise.resolve();
}
