import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { logOf } from '../protocol/network/networkLookups.ts';
import { submissionOf, viewOf } from '../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../node/test/testNetwork.ts';
import { listen, type Listening } from './listen.ts';
import { networkApp } from './networkApp.ts';

const GO = process.env['GO'] ?? 'go';
const skip = spawnSync(GO, ['version']).status === 0 ? false : 'Go is not on this machine';
const LOG = 'care/hospital';

const run = promisify(execFile);

describe('a running node’s log and the tlog and note packages of Go', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medseal-tlog-'));
  const older = join(folder, 'older');
  let network: TestNetwork;
  let care: Care;
  let doors: Listening;
  /** Changes the answers of the node on tiles, if a test sets it. */
  let lie: ((tile: `0x${string}`) => `0x${string}`) | undefined;

  before(async () => {
    const source = join(import.meta.dirname, 'test/tlogReader');
    await run(GO, ['build', '-o', join(folder, 'tlogreader'), '.'], { cwd: source });
    network = await startTestNetwork({ seed: 'tlog' });
    care = await startCare(network);
    const agent = network.agent();
    const lying = new Proxy(agent, {
      get: (target, name) => (name === 'tile' ? tile : Reflect.get(target, name)) as unknown,
    });
    doors = await listen(networkApp(new Map([['hospital', lying]])), 0);
  });

  after(async () => {
    await doors?.close();
    await network?.close();
    rmSync(folder, { recursive: true });
  });

  const tile: AgentPort['tile'] = async (query) => {
    const real = await network.agent().tile(query);
    return lie === undefined || query.index > 0 ? real : lie(real);
  };

  async function grow(count: number): Promise<void> {
    const submissions = Array.from({ length: count }, () =>
      submissionOf(care, 'View', viewOf(care)),
    );
    await network.agent().submit(submissions);
    await network.checkpoint();
  }

  /** Returns the number of entries that the program prints; throws if it says no. */
  async function read(...files: string[]): Promise<string> {
    const url = `${doors.url}/hospital/v1/tlog/${LOG}`;
    const { key } = logOf(network.file, LOG).log;
    return (await run(join(folder, 'tlogreader'), [url, key, ...files])).stdout.trim();
  }

  async function keepCheckpoint(): Promise<void> {
    const response = await fetch(`${doors.url}/hospital/v1/tlog/${LOG}/checkpoint`);
    writeFileSync(older, await response.text());
  }

  it('agree about the note, every entry and every older checkpoint, while the log grows', async () => {
    let size = 0;
    for (const count of [1, 2, 252, 1, 1, 300]) {
      await grow(count);
      size += count;
      const files = size === count ? [] : [older];
      assert.equal(await read(...files), String(size));
      await keepCheckpoint();
    }
    assert.equal(await read(older), '557');
  });

  it('both refuse a tile or an entry with one changed bit, and a checkpoint of another log', async () => {
    lie = (real) =>
      `${real.slice(0, 40)}${real[40] === '0' ? '1' : '0'}${real.slice(41)}` as const as `0x${string}`;
    await assert.rejects(read());
    lie = undefined;
    writeFileSync(
      older,
      (await network.agent().checkpoint(LOG)).note.replace('\n557\n', '\n556\n'),
    );
    await assert.rejects(read(older));
  });
});
