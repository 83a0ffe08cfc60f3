import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { concatBytes } from '../../crypto/bytes.ts';
import { readTarHeader, TAR_BLOCK, TAR_END, tarFile, tarHeader } from './tarHeader.ts';

describe('a header of a tar file', () => {
  it('is read as the name and size that it was made of, also beyond 8 GiB', () => {
    for (const size of [0, 1, 511, 2 ** 33 - 1, 2 ** 33, 2 ** 45]) {
      const entry = { name: `records/${'a'.repeat(80)}/content.bin`.slice(0, 100), size };
      assert.deepEqual(readTarHeader(tarHeader(entry)), entry);
    }
  });

  it('is refused with any bit changed that leaves another header than that of its name and size', () => {
    const header = tarHeader({ name: 'chain.json', size: 700 });
    for (let place = 0; place < TAR_BLOCK; place++) {
      const changed = header.slice();
      changed[place] = (changed[place] ?? 0) ^ 1;
      assert.equal(readTarHeader(changed), undefined, `byte ${place}`);
    }
  });

  it('is understood by the tar program of this machine', () => {
    const file = tarFile('README.txt', new Uint8Array(700).fill(0x41));
    const input = concatBytes(file, new Uint8Array(TAR_END));
    const { stdout, status } = spawnSync('tar', ['-tvf', '-'], { input, encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, /^-rw------- .* 700 .* README\.txt\n$/);
  });
});
