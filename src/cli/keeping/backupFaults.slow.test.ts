import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PASSING } from '../../backup/snapshotProtocol.ts';
import { foundFolder } from '../../node/test/foundFolder.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { collectRun, runMedseal, type Run } from '../test/runMedseal.ts';

/**
 * Backups and restorations that are killed, or find no room, at a step of changing files: at each sixtieth, or
 * as `EVERY` says, at all with `EVERY=1`.
 */

const EVERY = Number(process.env['EVERY'] ?? 60);
const MAIN = join(import.meta.dirname, '../main.ts');
const PRELOADED = join(import.meta.dirname, '../../../proof/faults/failFiles.ts');

let root: string;
/** The folder of a node that was stopped, its content, and a backup of it. */
let data: string;
let content: ReadonlyMap<string, string>;
let backup: string;

before(async () => {
  root = await scratchFolder();
  data = join(root, 'data');
  backup = join(root, 'backup');
  await foundFolder(data);
  content = await contentOf(data);
  await must('backup', '--data', data, '--to', backup);
});
after(async () => await rm(root, { recursive: true }));

/** Everything below a folder that a backup has, by path. */
async function contentOf(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    // When a backup was begun last is noted first: one that failed may have left bytes somewhere.
    if (!entry.isFile() || PASSING.test(path) || path === 'backed-up.json') continue;
    found.set(path, (await readFile(join(folder, path))).toString('base64'));
  }
  return found;
}

async function must(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runMedseal(...args, '--json');
  assert.equal(code, 0, stdout + stderr);
}

/** Runs a command whose changes of files go wrong from a step on. */
async function failingAt(step: number, how: string, args: readonly string[]): Promise<Run> {
  const env = { ...process.env, FAIL_AT: `${step}`, FAIL_HOW: how };
  const options = ['--import', PRELOADED, MAIN, ...args, '--json'];
  return await collectRun(spawn(process.execPath, options, { env }));
}

/** Has a command fail at one step after the other, until it succeeds; returns the number of failures. */
async function atSteps(
  how: string,
  args: readonly string[],
  check: (step: number) => Promise<void>,
): Promise<number> {
  for (let [step, failed] = [1, 0]; ; step += EVERY, failed += 1) {
    const { code, stdout } = await failingAt(step, how, args);
    if (code === 0) return failed;
    if (how === 'ENOSPC') assert.match(stdout, /"code":"FOLDER_UNWRITABLE"|"BACKUP_FAILED"/);
    await check(step);
  }
}

for (const how of ['kill', 'ENOSPC']) {
  describe(`at each step, ${how === 'kill' ? 'killed' : 'without room from then on'},`, () => {
    for (const name of ['copy', 'copy.tar']) {
      it(`a backup to ${name} leaves the node as it was, and nothing that restores but all of it`, async (t) => {
        const to = join(root, `${how}-${name}`);
        const restored = join(root, `${how}-restored`);
        const failed = await atSteps(how, ['backup', '--data', data, '--to', to], async () => {
          assert.deepEqual(await contentOf(data), content);
          const taken = await runMedseal('restore', to, '--data', restored, '--json');
          // It may be killed when all is done but the tidying.
          if (taken.code === 0) assert.deepEqual(await contentOf(restored), content);
          else assert.equal(existsSync(restored), false);
          for (const path of [to, restored]) await rm(path, { recursive: true, force: true });
        });
        t.diagnostic(`${failed} failed`);
        assert.ok(failed > 0);
        await must('restore', to, '--data', restored);
        assert.deepEqual(await contentOf(restored), content);
        await rm(restored, { recursive: true });
      });
    }

    it('a restoration leaves no folder or a whole one, and is done when it is run again', async (t) => {
      const to = join(root, `${how}-node`);
      const failed = await atSteps(how, ['restore', backup, '--data', to], async () => {
        if (!existsSync(to)) await must('restore', backup, '--data', to);
        assert.deepEqual(await contentOf(to), content);
        await rm(to, { recursive: true });
      });
      t.diagnostic(`${failed} failed`);
      assert.ok(failed > 0);
      assert.deepEqual(await contentOf(to), content);
    });
  });
}
