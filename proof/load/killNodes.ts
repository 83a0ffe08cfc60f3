import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Dice } from '../simulation/Dice.ts';
import { runMedseal } from '../../src/cli/test/runMedseal.ts';
import { beginLoad } from './beginLoad.ts';
import { killCommand } from './killCommand.ts';
import { LoadedNode } from './LoadedNode.ts';
import type { MixedLoad } from './MixedLoad.ts';
import { Promised } from '../../src/node/test/Promised.ts';
import { readOptions } from '../../src/node/test/readOptions.ts';

/**
 * Kills a node under load at moments that nobody chose, with SIGKILL, and starts it again over the same folder; now and
 * then while it starts, and now and then a command at a device. After each start everything that was promised since the
 * one before is asked for again. In the end the node is stopped, its folder is examined, and charts and audits are read
 * through: `node killNodes.ts --kills N [--seed TEXT] [--seconds N]`. It ends with 1 where something was lost, doubled
 * or altered, and says what.
 */

const { values } = readOptions({
  usage: 'npm run proof kill -- [--kills N] [--seed TEXT] [--seconds N]',
  about: `Kills nodes under load and asks for all that they promised. It ends with 1 where something was lost, doubled or
altered.`,
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: `of ${Date.now()}` },
    seconds: { type: 'string', default: 'Infinity' },
  },
});
/** Number of things that are done at once. */
const LANES = 6;
/** A node is killed after so many milliseconds of load, at most. */
const LONGEST = 900;
/** A node that starts is killed after so many, at most. */
const STARTING = 1500;
/** Kills after which the progress is told. */
const TOLD = 50;

const dice = new Dice(values.seed);
const promised = new Promised();
const folder = await mkdtemp(join(tmpdir(), 'medseal-kill-'));
const hit = new Map<string, number>();
let kills = 0;
try {
  await campaign();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function campaign(): Promise<void> {
  const until = performance.now() + 1000 * Number(values.seconds);
  const node = await LoadedNode.found(`${folder}/node`);
  await node.start();
  const load = await beginLoad(node, { dice, promised });
  for (; kills < Number(values.kills) && performance.now() < until; kills++) {
    if (dice.chance(0.06)) count(await killCommand({ node, folder, dice, promised }));
    else if (dice.chance(0.1)) count(await killStarting(node));
    else await killLoaded(node, load);
    if ((kills + 1) % TOLD === 0) tell(`${kills + 1} kills, ${promised.entries.size} entries`);
    if (promised.violations.length > 0) break;
  }
  await promised.hold(load.agents);
  await load.finish();
  const ended = await node.stop();
  if (ended?.code !== 0) promised.violations.push(`the node ended with ${ended?.code}`);
  const examined = await runMedseal('fsck', '--data', node.data);
  if (examined.code !== 0) promised.violations.push(examined.stdout);
  for (const line of linesOf(load.tally)) tell(`  ${line}`);
  for (const line of linesOf(hit)) tell(`  hit in the midst: ${line}`);
  for (const violation of promised.violations) tell(`VIOLATION ${violation}`);
  tell(
    `${kills} kills, seed ${values.seed}: ${promised.entries.size} entries promised, ${promised.violations.length} violations`,
  );
  if (promised.violations.length > 0) process.exitCode = 1;
}

/** Kills it in the midst of requests, starts it again, and holds it to what it promised. */
async function killLoaded(node: LoadedNode, load: MixedLoad): Promise<void> {
  const ended = new AbortController();
  const lanes = Array.from({ length: LANES }, async () => await load.run(ended.signal));
  await pause(dice.fraction() * LONGEST);
  for (const kind of load.underWay) count(kind);
  await node.kill();
  ended.abort();
  await Promise.all(lanes);
  await node.start();
  await promised.hold(load.agents);
}

/** Kills it while it starts; it starts all the same the next time. */
async function killStarting(node: LoadedNode): Promise<string> {
  await node.kill();
  const started = node.start();
  await Promise.race([pause(dice.fraction() * STARTING), started]);
  await node.kill();
  await started;
  await node.start();
  return 'start';
}

function count(what: string): void {
  hit.set(what, (hit.get(what) ?? 0) + 1);
}

function linesOf(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].map(([what, often]) => `${what.padEnd(40)} ${often}`).toSorted(inOrder);
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
