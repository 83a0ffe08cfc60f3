import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DEFAULT_CHANGE_DELAY } from '../../protocol/network/changeDelayOf.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { temporaryFolder } from '../test/runMedseal.ts';
import type { CHANGE_PROPOSED } from './changeAnswers.ts';

/** Changes that the folder of an organisation with a validator drafts; no node runs, and the engine's program is played. */

const FOUNDERS = ['hospital', 'laboratory', 'insurer'] as const;
const DAY = 24 * 3600;
/** Longer than a draft takes. */
const HOUR = 3600;
const ends: (() => unknown)[] = [];
let root: string;
let drafts = 0;

before(async () => {
  root = await temporaryFolder({ after: (end: () => unknown) => void ends.push(end) });
  await mkdir(`${root}/exchange`);
  const engine = join(root, 'engine');
  const chain = JSON.stringify({ chain: `medseal-${'5a'.repeat(16)}` });
  await writeFile(engine, `#!/bin/sh\necho '${chain}'\n`, { mode: 0o700 });
  const at = (name: string): readonly string[] => {
    const folders = ['--data', `${root}/${name}`, '--exchange', `${root}/exchange`];
    return [...folders, '--engine', engine];
  };
  for (const name of FOUNDERS) {
    const own = ['--url', `https://${name}.example`, '--validator', `${name}.example:26656`];
    await ask('init', '--organisation', name, ...own, '--plain-keys', ...at(name));
  }
  for (const name of FOUNDERS) {
    const found = name === 'hospital' ? ['--found', '--unguarded'] : [];
    await ask('init', ...found, ...at(name), '--yes');
  }
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

async function ask<Answer>(...args: readonly string[]): Promise<Answer> {
  const streams = captureStreams();
  const code = await runProgram([...args, '--json'], streams);
  assert.equal(code, 0, `${args.join(' ')}\n${streams.out().toString()}${streams.err()}`);
  return JSON.parse(streams.out().toString()) as Answer;
}

/** Drafts a change; returns the seconds from now until it holds. */
async function waitOf(...wish: readonly string[]): Promise<number> {
  const file = join(root, `change-${(drafts += 1)}.json`);
  // Nobody listens there: a change states no block then.
  const options = ['--data', `${root}/hospital`, '--url', 'http://127.0.0.1:9', '--instead'];
  const now = Math.floor(Date.now() / 1000);
  const propose = ['network', 'propose', file, ...options, ...wish, '--yes'];
  const answer = await ask<Of<typeof CHANGE_PROPOSED>>(...propose);
  assert.ok('from' in answer);
  return answer.from - now;
}

describe('a draft that takes power from a validator’s key', () => {
  const remove = ['--remove-key', 'laboratory'];

  it('holds without the ledger’s delay if it does nothing else', async () => {
    for (const more of [[], ['--writes', '2'], ['--correction-days', '0']]) {
      const wait = await waitOf(...remove, ...more);
      assert.ok(wait >= DAY && wait < DAY + HOUR, `${more.join(' ')}: ${wait}`);
    }
  });

  it('waits for the ledger’s delay if it changes anything beside, whatever that is', async () => {
    for (const more of [
      ['--correction-days', '20'],
      ['--daily-bytes', '1000000'],
      ['--stake', 'insurer=20'],
    ]) {
      const wait = await waitOf(...remove, ...more);
      assert.ok(wait >= DEFAULT_CHANGE_DELAY + DAY, `${more.join(' ')}: ${wait}`);
    }
  });

  it('holds after the time that is named, whatever it changes', async () => {
    const wait = await waitOf(...remove, '--correction-days', '20', '--after', '2h');
    assert.ok(wait >= 2 * HOUR && wait < 3 * HOUR, String(wait));
  });
});
