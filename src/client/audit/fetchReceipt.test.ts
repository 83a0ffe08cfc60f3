import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { networkApp } from '../../http/networkApp.ts';
import { acknowledgedBy, submissionOf, viewOf } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Acknowledgement, PendingReceipt } from '../../protocol/evidence/evidence.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { fetchReceipt } from './fetchReceipt.ts';
import { httpAgent } from '../agent/httpAgent.ts';
import { lyingTo } from '../test/lyingTo.ts';

const LOG = 'care/hospital';

let network: TestNetwork;
let care: Care;
let entry: Acknowledgement;

beforeEach(async () => {
  network = await startTestNetwork({
    cared: true,
    policy: { maxEntries: 1_000_000, maxDelay: 3_600_000, hastened: 3_600_000 },
  });
  care = await startCare(network);
  entry = await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
});

afterEach(async () => {
  await network.close();
});

/** A node that has no checkpoint until it was asked so often. */
function comingAfter(questions: number): { asked: number[]; lies: Partial<AgentPort> } {
  const asked: number[] = [];
  const { agent } = care.doctor;
  return {
    asked,
    lies: {
      receipt: async (query) => {
        asked.push(network.clock.now());
        if (asked.length === questions) await network.checkpoint();
        return await agent.receipt(query);
      },
    },
  };
}

describe('a receipt that is waited for', () => {
  it('is there when the checkpoint is, as often as was asked before, at the pace that the node suggests', async () => {
    const { asked, lies } = comingAfter(4);
    const receipt = await fetchReceipt(lyingTo(network, care.doctor, lies), entry);
    assert.deepEqual([receipt.checkpoint.size, receipt.acknowledgement], [1, entry]);
    const [first = 0] = asked;
    assert.deepEqual(
      asked.map((at) => at - first),
      [0, 200, 400, 600],
    );
  });

  it('is asked for no faster and no slower than is sensible, whatever the node suggests', async () => {
    const { agent } = care.doctor;
    for (const [retryAfter, pause] of [
      [0, 20],
      [-5, 20],
      ['soon', 20],
      [undefined, 20],
      [1e12, 1000],
    ] as const) {
      const times: number[] = [];
      const stop = new AbortController();
      const lies = {
        receipt: async (query: { log: string; index: number }) => {
          times.push(network.clock.now());
          if (times.length === 2) stop.abort();
          return { ...(await agent.receipt(query)), retryAfter } as PendingReceipt;
        },
      };
      const asking = fetchReceipt(lyingTo(network, care.doctor, lies), entry, stop);
      await assert.rejects(asking, { name: 'AbortError' });
      assert.equal((times[1] ?? 0) - (times[0] ?? 0), pause, String(retryAfter));
    }
  });

  it('is given up when what was promised is overdue, and not before', async () => {
    const begun = network.clock.now();
    const asking = fetchReceipt(lyingTo(network, care.doctor, {}), entry);
    await assert.rejects(asking, failsWith('PROMISE_OVERDUE'));
    const waited = network.clock.now() - begun;
    assert.ok(waited > 70_000 && waited <= 72_000, `${waited} ms`);
  });

  it('is waited for no longer once the waiting is ended', async () => {
    const stop = new AbortController();
    const asking = fetchReceipt(care.doctor, entry, { signal: stop.signal });
    stop.abort(new MedsealError('CLOSED', { what: 'command' }));
    await assert.rejects(asking, failsWith('CLOSED'));
  });

  it('is not asked for on the word of nobody', async () => {
    const asking = fetchReceipt(care.doctor, { ...entry, verdicts: [] });
    await assert.rejects(asking, failsWith('EVIDENCE_INVALID'));
  });

  it('does not come for an entry that the log does not have', async () => {
    const asking = fetchReceipt(care.doctor, { ...entry, index: 7 });
    await assert.rejects(asking, failsWith('NOT_FOUND'));
  });
});

async function get(path: string): Promise<Response> {
  const app = networkApp(new Map([['hospital', network.agent()]]));
  const headers = { host: '127.0.0.1:8480' };
  return await app.request(`http://127.0.0.1:8480/hospital/v1/receipts/${path}`, { headers });
}

describe('GET /v1/receipts/{log}/{index}', () => {
  it('answers 202 with how far the log is before the checkpoint, 200 with the proof after, and no body ever', async () => {
    const before = await get(`${LOG}/0`);
    assert.deepEqual([before.status, before.headers.get('retry-after')], [202, '1']);
    assert.equal(before.headers.get('cache-control'), 'no-store');
    const said = await before.text();
    assert.deepEqual(JSON.parse(said), {
      status: 'pending',
      log: LOG,
      index: 0,
      checkpointed: 0,
      retryAfter: 200,
    });
    await network.checkpoint();
    const after = await get(`${LOG}/0`);
    assert.equal(after.status, 200);
    const proof = await after.text();
    assert.deepEqual(Object.keys(JSON.parse(proof) as object).toSorted(), [
      'checkpoint',
      'inclusion',
      'ledger',
    ]);
    const { request } = JSON.parse(entry.body) as { request: { party: string } };
    for (const text of [said, proof]) {
      assert.ok(!text.includes('body'));
      assert.ok(!text.includes(request.party));
      assert.ok(!text.includes(care.handle));
    }
  });

  it('answers 404 for an entry, a log or an organisation that is not there', async () => {
    for (const path of [`${LOG}/1`, `${LOG}/999999999999999`, 'care/nobody/0', 'x/hospital/0']) {
      const response = await get(path);
      assert.equal(response.status, 404, path);
      assert.equal(((await response.json()) as { code: string }).code, 'NOT_FOUND');
    }
  });

  it('is followed by the client over HTTP', async () => {
    const app = networkApp(new Map([['hospital', network.agent()]]));
    const agent = httpAgent('http://127.0.0.1:8480/hospital', async (url, init) => {
      const headers = { host: '127.0.0.1:8480', ...(init?.headers as Record<string, string>) };
      return await app.request(url, { ...init, headers });
    });
    assert.ok(isPending(await agent.receipt({ log: LOG, index: 0 })));
    let asked = 0;
    const party = lyingTo(network, care.doctor, {
      receipt: async (query) => {
        asked += 1;
        if (asked === 2) await network.checkpoint();
        return await agent.receipt(query);
      },
    });
    assert.equal((await fetchReceipt(party, entry)).checkpoint.size, 1);
    assert.equal(asked, 2);
  });
});
