import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { collectRun, runMedseal, startMedseal } from './test/runMedseal.ts';
import { startPeople, type People, type Person } from './test/startPeople.ts';

/** Bytes of a file that takes a while to be sealed and sent. */
const SIZE = 48_000_000;

let people: People;
let anna: Person;
let file: string;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  file = join(people.folder, 'scan.dcm');
});
after(async () => {
  await people.end();
});

/** Sealed files that are on their way to a vault. */
function arriving(): readonly string[] {
  const node = join(people.network, 'node');
  return readdirSync(node).flatMap((name) => namesIn(join(node, name, 'vault/arriving')));
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Tells whether a process has a file open that it seals into, which has no name any more. */
function seals(pid: number | undefined): boolean {
  const open = `/proc/${pid}/fd`;
  return namesIn(open).some((name) => {
    try {
      return /\/spool\/.* \(deleted\)$/.test(readlinkSync(join(open, name)));
    } catch {
      return false;
    }
  });
}

async function addAndKill(when: (pid: number | undefined) => boolean): Promise<void> {
  await writeFile(file, randomBytes(SIZE));
  const home = `${people.folder}/anna`;
  const child = startMedseal(['record', 'add', file, '-c', 'imaging', '--yes', '--home', home]);
  const ended = collectRun(child);
  while (child.exitCode === null && !when(child.pid)) await setImmediate();
  child.kill('SIGKILL');
  await ended;
}

async function count(): Promise<number> {
  const { records } = await anna.ask<{ records: readonly unknown[] }>('record', 'list');
  return records.length;
}

describe('a record that is being added when its author is killed', () => {
  const moments: readonly (readonly [string, () => (pid: number | undefined) => boolean])[] = [
    ['as it is sealed', () => seals],
    ['as it is sent', () => () => arriving().length > 0],
    [
      'once it has arrived',
      () => {
        let began = false;
        return () => {
          began ||= arriving().length > 0;
          return began && arriving().length === 0;
        };
      },
    ],
  ];
  for (const [name, moment] of moments) {
    it(`leaves nothing by halves, and is added once by doing it again: ${name}`, async () => {
      const before = await count();
      await addAndKill(moment());
      // The node hears that the connection is gone.
      while (arriving().length > 0) await setImmediate();
      assert.deepEqual(namesIn(`${people.folder}/anna/parties/anna/spool`), []);
      await anna.ask('record', 'add', file, '-c', 'imaging', '--yes');
      assert.equal(await count(), before + 2, 'the bytes, and what tells of them');
    });
  }

  it('is told to them by Ctrl-C, with what is certain', async () => {
    const before = await count();
    await writeFile(file, randomBytes(SIZE));
    const home = `${people.folder}/anna`;
    const child = startMedseal(['record', 'add', file, '-c', 'imaging', '--yes', '--home', home]);
    const ended = collectRun(child);
    while (child.exitCode === null && !seals(child.pid)) await setImmediate();
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    assert.deepEqual([code, stdout], [130, '']);
    assert.match(
      stderr,
      /\nmedseal: Interrupted\. Nothing of the file is on the chart\. Run it again: it goes on from there\.\n$/,
    );
    assert.equal(await count(), before);
  });

  it('and its node’s folder has no faults', async () => {
    await people.dev.close();
    const { code, stdout } = await runMedseal('fsck', '--data', people.network);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /No faults found\./);
  });
});
