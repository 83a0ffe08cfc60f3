import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { addRecord } from './addRecord.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecords, type RecordsRead } from './readRecords.ts';

const NOTES = ['first', 'second', 'third'];
/** More files than are fetched at once. */
const MANY = 9;

let network: TestNetwork;
let care: Care;
let chart: Chart;

before(async () => {
  network = await startTestNetwork({
    guarded: true,
    policy: { maxEntries: 1_000_000, maxDelay: 1_000_000_000 },
  });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (const note of NOTES) await addRecord(doctor, { ...own, content: utf8ToBytes(note) });
  chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
});
after(async () => await network.close());

function recordOf(note: string): Chart['records'][number] {
  return chart.records[NOTES.indexOf(note)] ?? assert.fail();
}

/** The texts, the seconds until all was read, and the number of views in each call for shares. */
interface Reading {
  readonly told: readonly string[];
  readonly asked: readonly number[];
  readonly took: number;
}

/**
 * Reads records at an agent that gives some files only after a while.
 * @param names - Their notes, in the order in which they are asked for.
 * @param slow - Seconds after which the file of a note comes.
 */
async function readAt(
  names: readonly string[],
  slow: Readonly<Record<string, number>>,
): Promise<Reading> {
  const { doctor } = care;
  const from = network.clock.now();
  const asked: number[] = [];
  const { agent } = doctor;
  let busy = 0;
  const working = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    busy++;
    return await work().finally(() => busy--);
  };
  const party = behind(doctor, {
    submit: async (all) => await working(async () => await agent.submit(all)),
    async *download(...given: Parameters<AgentPort['download']>) {
      const name = NOTES.find((each) => recordOf(each).file === given[1]) ?? '';
      const wait = from + (slow[name] ?? 0) * 1000 - network.clock.now();
      if (wait > 0) await new Promise<void>((resolve) => network.clock.after(wait, resolve));
      yield await working(async () => await collectBytes(agent.download(...given)));
    },
    async release(wanted) {
      asked.push(wanted.views.length);
      return await working(async () => await agent.release(wanted));
    },
  });
  const results: RecordsRead[] = [];
  const isRead = (): boolean => results.length === names.length;
  const reading = (async () => {
    for await (const each of readRecords(party, chart, names.map(recordOf))) results.push(each);
  })();
  for (let step = 0; !isRead() && step < 45; step++) {
    // Time passes only while nobody works: the nodes have the same clock.
    for (let idle = 0; !isRead() && idle < 8; idle++) {
      if (busy > 0) idle = 0;
      await pause(10);
    }
    if (!isRead()) network.clock.advance(10_000);
  }
  assert.ok(isRead(), 'it was not read in seven minutes');
  await reading;
  const told = results.map((each) =>
    'error' in each ? each.error.code : bytesToUtf8(each.content),
  );
  return { told, asked, took: (network.clock.now() - from) / 1000 };
}

describe('a file that comes slowly, among guarded records that are read together', () => {
  // @actor organisation that lies | has a reader wait for one file until no share of any other is released
  // @attack an organisation that keeps a file gives it so slowly that the views of all records that are read with it end | shares are asked for what came after half a minute, and for the rest as it comes
  it('keeps no other from being read, and is left out if it does not come while its view holds', async () => {
    const never = 100_000;
    const slow = Array.from({ length: MANY }, () => 'first');
    const { told, asked, took } = await readAt([...slow, 'second', 'third'], { first: never });
    assert.deepEqual(told, [...slow.map(() => 'NOT_YET'), 'second', 'third']);
    assert.deepEqual(asked, [2]);
    assert.ok(took >= 300 && took <= 330, `${took}`);
  });

  it('is read as soon as it has come, with shares that are asked for by a further call', async () => {
    const { told, asked, took } = await readAt(NOTES, { second: 100 });
    assert.deepEqual(told, NOTES);
    assert.deepEqual(asked, [2, 1]);
    assert.ok(took <= 130, `${took}`);
  });

  it('is waited for a while: one call asks for all shares', async () => {
    const { told, asked } = await readAt(NOTES, { second: 20 });
    assert.deepEqual(told, NOTES);
    assert.deepEqual(asked, [3]);
  });
});
