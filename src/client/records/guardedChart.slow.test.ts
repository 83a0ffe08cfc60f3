import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { behind, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { MOST_RELEASED } from '../../protocol/release/ReleaseAsked.ts';
import type { CoordinatorPort } from '../../services/ports.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from './addRecord.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecords } from './readRecords.ts';

/** Records of the chart, each of which needs a share of every coordinator. */
const RECORDS = 500;
/** Views that are asked for at once; while these are opened, as many again. */
const BATCH = MOST_RELEASED / 2;
const CALLS = Math.ceil(RECORDS / BATCH);

let network: TestNetwork;
let care: Care;
let chart: Chart;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (let i = 0; i < RECORDS; i++) {
    await addRecord(doctor, { ...version, content: utf8ToBytes(textOf(i)) });
  }
  chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  assert.equal(chart.records.length, RECORDS);
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

function textOf(i: number): string {
  return `${i} ${'x'.repeat(1000)}`;
}

describe('a chart of 500 guarded records', () => {
  it('is read whole with eight calls for shares, each made only once the batch before the last was taken', async () => {
    const asked: number[] = [];
    const { agent } = care.doctor;
    const counting = behind(care.doctor, {
      release: async (wanted) => {
        asked.push(wanted.views.length);
        return await agent.release(wanted);
      },
    });
    const ahead: number[] = [];
    await readWhole(counting, (read) => {
      ahead.push(asked.reduce((sum, each) => sum + each, 0) - read);
    });
    assert.equal(asked.length, CALLS);
    assert.ok(asked.every((each) => each <= BATCH));
    assert.ok(Math.max(...ahead) < 2 * BATCH, 'no more is held than two batches');
  });

  it('is read whole while one organisation is away', async () => {
    const { coordinator } = network.services('insurer');
    network.liars.coordinator.set('insurer', { ...coordinator, release: away });
    await readWhole(care.doctor);
  });

  it('is read whole though an organisation goes away between two batches', async () => {
    const { coordinator } = network.services('laboratory');
    let calls = 0;
    const release: CoordinatorPort['release'] = async (request) => {
      calls += 1;
      if (calls > 2) throw new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' });
      return await coordinator.release(request);
    };
    network.liars.coordinator.set('laboratory', { ...coordinator, release });
    await readWhole(care.doctor);
    assert.equal(calls, CALLS);
  });

  // @attack an organisation leaves or lies between two batches of a long chart | the chart is read whole
  it('is read whole though one releases garbage for one of the batches', async () => {
    const { coordinator } = network.services('hospital');
    let calls = 0;
    const release: CoordinatorPort['release'] = async (request) => {
      const released = await coordinator.release(request);
      calls += 1;
      if (calls !== 2) return released;
      const garbage = await sealBytes([request.recipient], utf8ToBytes('{"format":"garbage"}'));
      return { ...released, sealed: base64.encode(garbage) };
    };
    network.liars.coordinator.set('hospital', { ...coordinator, release });
    await readWhole(care.doctor);
  });

  it('misses exactly the batch for which too few released, and the reader learns why', async () => {
    let calls = 0;
    for (const name of ['laboratory', 'insurer']) {
      const { coordinator } = network.services(name);
      const release: CoordinatorPort['release'] = async (request) => {
        if (name === 'insurer') throw new MedsealError('PEER_UNREACHABLE', { peer: name });
        calls += 1;
        if (calls === 2) throw new MedsealError('PEER_UNREACHABLE', { peer: name });
        return await coordinator.release(request);
      };
      network.liars.coordinator.set(name, { ...coordinator, release });
    }
    const codes = new Map<string, number>();
    for await (const each of readRecords(care.doctor, chart, chart.records)) {
      const code = 'error' in each ? each.error.code : 'read';
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    assert.deepEqual(Object.fromEntries(codes), {
      read: RECORDS - BATCH,
      RELEASE_PENDING: BATCH,
    });
  });
});

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'one that is away' }));
}

async function readWhole(
  reader: Party,
  onRecord: (read: number) => void = () => undefined,
): Promise<void> {
  const texts: string[] = [];
  for await (const each of readRecords(reader, chart, chart.records)) {
    if ('error' in each) throw each.error;
    texts.push(new TextDecoder().decode(each.content));
    onRecord(texts.length);
  }
  assert.deepEqual(texts.toSorted(), textsOfAll());
}

function textsOfAll(): readonly string[] {
  return Array.from({ length: RECORDS }, (_, i) => textOf(i)).toSorted();
}
