import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { parseSamples } from './parseSamples.ts';

/** A file of NumPy, version 1.0, with a head as NumPy writes it. */
function numpy(descr: string, shape: string, data: Uint8Array): Uint8Array {
  const head = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(head.length + 1);
  const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  return Buffer.concat([magic, length, Buffer.from(`${head}\n`, 'latin1'), data]);
}

const DATA = Uint8Array.of(1, 0, 0xff, 0xff, 0x00, 0x80);

describe('a file of samples', () => {
  it('is read as numbers of 16 bits, low byte first, with a sign unless NumPy says otherwise', () => {
    assert.deepEqual(parseSamples(DATA, '--file'), [1, -1, -32_768]);
    assert.deepEqual(parseSamples(numpy('<i2', '(3,)', DATA), '--file'), [1, -1, -32_768]);
    assert.deepEqual(parseSamples(numpy('<u2', '(3,)', DATA), '--file'), [1, 65_535, 32_768]);
    // A view on a part of a larger buffer, as Node reads small files.
    const part = Buffer.concat([Uint8Array.of(9), DATA]).subarray(1);
    assert.deepEqual(parseSamples(part, '--file'), [1, -1, -32_768]);
  });

  it('is refused if it is empty, cut off, of another kind, or of several lists', () => {
    for (const bytes of [
      new Uint8Array(0),
      DATA.subarray(0, 5),
      numpy('<f8', '(3,)', DATA),
      numpy('>i2', '(3,)', DATA),
      numpy('<i4', '(3,)', DATA),
      numpy('<i2', '(4,)', DATA),
      numpy('<i2', '(3, 1)', DATA),
      numpy('<i2', '(0,)', new Uint8Array(0)),
      numpy('<i2', '(3,)', DATA).subarray(0, 9),
      numpy('<i2', '(3,)', DATA).subarray(0, 60),
    ]) {
      assert.throws(() => parseSamples(bytes, '--file'), failsWith('ARGUMENT_INVALID'));
    }
  });
});
