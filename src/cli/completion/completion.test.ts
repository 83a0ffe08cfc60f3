import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { runMedseal } from '../test/runMedseal.ts';

/** What bash offers for the last word of a line. */
function offered(script: string, ...words: readonly string[]): string[] {
  const line = `COMP_WORDS=(medseal ${words.map((word) => `'${word}'`).join(' ')})`;
  const program = `${script}\n${line}\nCOMP_CWORD=${words.length}\n_medseal\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', program], { cwd: '/', encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.trim().split('\n');
}

describe('completion', () => {
  it('offers in bash the commands, the verbs of a noun, and the options of a verb', async () => {
    const { stdout, code } = await runMedseal('completion', 'bash');
    assert.equal(code, 0);
    assert.deepEqual(offered(stdout, 'gr'), ['grant', 'grants']);
    assert.deepEqual(offered(stdout, 'record', 'a'), ['add', 'amend']);
    assert.deepEqual(offered(stdout, 'record', 'get', '0x12', '--w'), ['--whole']);
    assert.deepEqual(offered(stdout, 'verify', 'receipt.json', '--off'), ['--offline']);
    assert.ok(offered(stdout, 'grant', '--out', '').includes('tmp'), 'a value may be a file');
  });

  it('names every command for zsh and fish too, and no shell that it does not know', async () => {
    for (const shell of ['zsh', 'fish']) {
      const { stdout, code } = await runMedseal('completion', shell);
      assert.equal(code, 0);
      for (const word of ['withdraw', 'contact', 'passphrase-file'])
        assert.match(stdout, new RegExp(word));
    }
    const other = await runMedseal('completion', 'cmd');
    assert.equal(other.code, 2);
  });
});
