import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Dice } from '../simulation/Dice.ts';
import { beginLoad } from './beginLoad.ts';
import { LoadedNode } from './LoadedNode.ts';
import { Promised } from '../../src/node/test/Promised.ts';
import { sampleNode, type Sample } from './sampleNode.ts';
import { judgeSoak, soakRow, SOAK_HEAD, type Minute } from './soakTable.ts';
import { readOptions } from '../../src/node/test/readOptions.ts';

/**
 * Has a node do everything that can be asked of it, for a long time, and looks each minute at its memory, its event
 * loop, its files and how long its answers take: `node soak.ts [--minutes N] [--rate N] [--seed TEXT]`. The rate is of
 * things done in a second. It prints a table, and in the end whether anything grows; it ends with 1 where something does.
 */

const { values } = readOptions({
  usage: 'npm run proof soak -- [--minutes N] [--rate N] [--seed TEXT]',
  about: `Has a node do everything for a long time, N things in a second, and tells each minute how it is. It ends with 1 where
something grows.`,
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '10' },
    seed: { type: 'string', default: `of ${Date.now()}` },
  },
});
const LANES = 4;
/** Number of samples in a minute: the least of a minute's heaps is the one that was just collected. */
const SAMPLES = 12;
/** Minutes after which other patients and doctors come. */
const RENEWED = 2;

const dice = new Dice(values.seed);
const promised = new Promised();
const folder = await mkdtemp(join(tmpdir(), 'medseal-soak-'));
try {
  await soak();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function soak(): Promise<void> {
  const node = await LoadedNode.found(`${folder}/node`);
  await node.start();
  const load = await beginLoad(node, { dice, promised });
  load.latencies.clear();
  const ended = new AbortController();
  const between = (LANES / Number(values.rate)) * 1000;
  const lanes = Array.from({ length: LANES }, async () => {
    await load.run(ended.signal, async () => await pause(dice.fraction() * 2 * between));
  });
  const minutes: Minute[] = [];
  tell(SOAK_HEAD);
  for (let minute = 1; minute <= Number(values.minutes); minute++) {
    const samples: Sample[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      await pause(60_000 / SAMPLES);
      samples.push(await sampleNode(node));
    }
    const { latencies } = load;
    load.latencies = new Map();
    minutes.push({ minute, samples, latencies, entries: promised.entries.size });
    tell(soakRow(minutes.at(-1) as Minute));
    // Sends this minute's requests again: each that was answered must be in its log.
    await promised.hold(load.agents);
    if (minute % RENEWED === 0) await load.renew();
  }
  ended.abort();
  await Promise.all(lanes);
  const run = await node.stop();
  for (const [what, often] of load.tally) tell(`  ${what.padEnd(36)} ${often}`);
  for (const line of (run?.stderr ?? '').trim().split('\n').slice(-5)) tell(line);
  for (const violation of promised.violations) tell(`VIOLATION ${violation}`);
  const { lines, grows } = judgeSoak(minutes);
  for (const line of lines) tell(line);
  if (grows || promised.violations.length > 0 || run?.code !== 0) process.exitCode = 1;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
