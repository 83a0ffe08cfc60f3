import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { partialName, leftBehind } from './partialFiles.ts';

describe('the name of a file that is written', () => {
  const mine = partialName('keys.json');
  const { pid } = spawnSync(process.execPath, ['--version']);
  const gone = mine.replace(`-${process.pid}-`, `-${pid}-`);

  it('begins with the name that it will have, and is another each time', () => {
    assert.match(mine, /^keys\.json\.arriving-\d+-[0-9a-f]{12}$/);
    assert.notEqual(mine, partialName('keys.json'));
  });

  it('tells what a process left that is gone, and nothing that may still get its name', () => {
    const others = ['keys.json', mine, gone.replace('keys', 'other'), `${gone}0`, `${gone}.json`];
    const init = partialName('keys.json').replace(`-${process.pid}-`, '-1-');
    assert.deepEqual(leftBehind([...others, init, gone], 'keys.json'), [gone]);
    assert.deepEqual(leftBehind(['keys.json.arriving--0123456789ab'], 'keys.json'), []);
  });
});
