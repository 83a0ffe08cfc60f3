import assert from 'node:assert/strict';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openFolder } from '../../folder/openFolder.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { OperatorCode, readOperatorAccess } from './OperatorCode.ts';

describe('the operator’s code', () => {
  it('lies in the folder as long as the node runs, for the folder’s owner alone', async (t) => {
    const path = await scratchFolder();
    t.after(async () => await rm(path, { recursive: true }));
    const files = await openFolder(path);
    const code = new OperatorCode(systemRandom);
    await assert.rejects(readOperatorAccess(files), failsWith('CLOSED', { what: 'node' }));
    await code.write(files, 'http://127.0.0.1:9480');
    const { mode } = await stat(join(path, 'operator.json'));
    assert.equal(mode & 0o777, 0o600);
    const access = await readOperatorAccess(files);
    assert.equal(access.url, 'http://127.0.0.1:9480');
    code.require(`Bearer ${access.code}`);
    await code.remove(files);
    await assert.rejects(readOperatorAccess(files), failsWith('CLOSED', { what: 'node' }));
  });

  it('is another one at each start, so that one of before opens nothing', async (t) => {
    const path = await scratchFolder();
    t.after(async () => await rm(path, { recursive: true }));
    const files = await openFolder(path);
    await new OperatorCode(systemRandom).write(files, 'http://127.0.0.1:9480');
    const { code } = await readOperatorAccess(files);
    const next = new OperatorCode(systemRandom);
    assert.throws(() => next.require(`Bearer ${code}`), failsWith('OPERATOR_UNKNOWN'));
  });

  for (const [what, header] of [
    ['no header', undefined],
    ['an empty code', 'Bearer '],
    ['another code', `Bearer ${'A'.repeat(43)}`],
    ['another scheme', `Basic ${'A'.repeat(43)}`],
  ] as const) {
    it(`is not ${what}`, () => {
      const code = new OperatorCode(systemRandom);
      assert.throws(() => code.require(header), failsWith('OPERATOR_UNKNOWN'));
    });
  }

  it('is not read from a file that somebody altered', async (t) => {
    const path = await scratchFolder();
    t.after(async () => await rm(path, { recursive: true }));
    const files = await openFolder(path);
    for (const value of [{ url: 'x' }, { url: 'x', code: 'short' }, null]) {
      await writeJsonFile(files, 'operator.json', value);
      const what = 'operator.json was altered';
      await assert.rejects(
        readOperatorAccess(files),
        failsWith('FOLDER_FOREIGN', { path: files.path, what }),
      );
    }
  });
});
