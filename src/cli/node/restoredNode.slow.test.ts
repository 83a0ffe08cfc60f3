import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

/** An operator whose node was restored from a backup while its network is founded by files. */

const ends: (() => unknown)[] = [];
const root = await temporaryFolder({ after: (end: () => unknown) => void ends.push(end) });
after(async () => {
  for (const end of ends.toReversed()) await end();
});

async function init(name: string, ...more: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const where = ['--data', `${root}/${name}`, '--exchange', `${root}/exchange`];
  const code = await runProgram(['init', ...where, ...more], streams);
  return { code, stdout: streams.out().toString(), stderr: streams.err() };
}

describe('init in a folder that was restored', () => {
  // @actor a thief of a coordinator's key | deals in its organisation's name before its node does
  // @attack a deal that a node did not make | its operator is told, and goes on only if the folder was restored
  it('says that a deal was made with its key before it asks, and says nothing of that otherwise', async () => {
    for (const name of ['hospital', 'laboratory']) {
      const made = ['--organisation', name, '--url', `https://${name}.example`, '--plain-keys'];
      assert.equal((await init(name, ...made)).code, 0);
    }
    assert.equal((await init('hospital', '--found', '--yes')).code, 0);
    await cp(`${root}/laboratory`, `${root}/kept`, { recursive: true });
    const before = /folder’s key before/;
    assert.doesNotMatch((await init('laboratory')).stderr, before);
    assert.equal((await init('laboratory', '--yes')).code, 0);
    await rm(`${root}/laboratory`, { recursive: true });
    await cp(`${root}/kept`, `${root}/laboratory`, { recursive: true });
    const asked = await init('laboratory');
    assert.match(asked.stderr, before);
    assert.match(asked.stderr, /NOT_CONFIRMED/);
    assert.equal((await init('laboratory', '--yes')).code, 0);
  });
});
