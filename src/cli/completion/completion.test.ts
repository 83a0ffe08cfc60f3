import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';

async function scriptFor(shell: string): Promise<{ code: number; stdout: string }> {
  const streams = captureStreams();
  const code = await runProgram(['completion', shell], streams);
  return { code, stdout: streams.out().toString() };
}

/** Words that bash offers for the last word of a line. */
function offered(script: string, ...words: readonly string[]): string[] {
  const line = `COMP_WORDS=(medseal ${words.map((word) => `'${word}'`).join(' ')})`;
  const program = `${script}\n${line}\nCOMP_CWORD=${words.length}\n_medseal\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', program], { cwd: '/', encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout.trim().split('\n');
}

describe('completion', () => {
  it('offers in bash the commands, the verbs of a noun, and the options of a verb', async () => {
    const { stdout, code } = await scriptFor('bash');
    assert.equal(code, 0);
    assert.deepEqual(offered(stdout, 'gr'), ['grant', 'grants']);
    assert.deepEqual(offered(stdout, 'record', 'a'), ['add', 'amend']);
    assert.deepEqual(offered(stdout, 'record', 'get', '0x12', '--w'), ['--whole']);
    assert.deepEqual(offered(stdout, 'verify', 'receipt.json', '--off'), ['--offline']);
    assert.ok(offered(stdout, 'grant', '--out', '').includes('tmp'), 'a value may be a file');
  });

  it('names every command for zsh and fish too, and no shell that it does not know', async () => {
    for (const shell of ['zsh', 'fish']) {
      const { stdout, code } = await scriptFor(shell);
      assert.equal(code, 0);
      for (const word of ['withdraw', 'contact', 'passphrase-file'])
        assert.match(stdout, new RegExp(word));
    }
    const other = await scriptFor('cmd');
    assert.equal(other.code, 2);
  });

  it('offers in fish the same, with what each is for, where that is on the machine', async (t) => {
    if (spawnSync('fish', ['--version']).status !== 0) {
      t.skip('this machine has no fish');
      return;
    }
    const { stdout } = await scriptFor('fish');
    const offers = (line: string): readonly string[] => {
      const program = `${stdout}\ncomplete -C'${line}'`;
      const run = spawnSync('fish', ['--no-config', '-c', program], { encoding: 'utf8' });
      assert.equal(run.stderr, '');
      return run.stdout.trim().split('\n');
    };
    const verbs = offers('medseal record a').map((offer) => offer.split('\t')[0]);
    assert.deepEqual(verbs, ['add', 'amend']);
    assert.match(offers('medseal record get --wh')[0] ?? '', /^--whole\t\S/);
  });

  it('is a script that zsh reads without a fault, where that is on the machine', async (t) => {
    if (spawnSync('zsh', ['--version']).status !== 0) {
      t.skip('this machine has no zsh');
      return;
    }
    const { stdout } = await scriptFor('zsh');
    const run = spawnSync('zsh', ['-n'], { input: stdout, encoding: 'utf8' });
    assert.deepEqual([run.status, run.stderr], [0, '']);
  });
});
