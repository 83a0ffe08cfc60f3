import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const COMMAND = `${process.execPath} ${join(import.meta.dirname, 'main.ts')}`;

/** Runs a line of a shell, in which `medseal` is the command. */
function shell(line: string): SpawnSyncReturns<string> {
  const script = `medseal() { ${COMMAND} "$@"; }; ${line}`;
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' });
}

describe('the output of a command', () => {
  it('may be read in part: it ends quietly', () => {
    const { stdout, stderr } = shell('medseal up --schema | head -c 1; echo " ${PIPESTATUS[0]}"');
    assert.deepEqual([stdout, stderr], ['{ 0\n', '']);
  });

  it('may be read by nobody', () => {
    const { status, stderr } = shell('medseal up --schema >&-');
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(shell('medseal nonsense 2>&-').status, 2);
  });

  it('that cannot be written is told by a code, not by a stack trace', (t) => {
    if (!existsSync('/dev/full')) return t.skip('no /dev/full here');
    const { status, stderr } = shell('medseal up --schema > /dev/full');
    assert.equal(status, 1);
    assert.match(stderr, /^medseal: .+ENOSPC\. \[OUTPUT_UNWRITABLE\]\n {2}\S.+\n$/);
  });
});
