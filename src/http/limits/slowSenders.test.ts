import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import { ledgerApp } from '../ledgerApp.ts';
import { listen } from '../listen.ts';
import { networkApp } from '../networkApp.ts';
import type { RequestLimits } from './RequestLimits.ts';
import { headOf, JSON_TYPE, RawCaller } from '../test/RawCaller.ts';

const agent = {
  network: async () => await Promise.resolve(network),
  submit: async () => await Promise.resolve([]),
} as unknown as AgentPort;
const agents = new Map([['hospital', agent]]);
const POST = 'POST /hospital/v1/submissions';

/** A server, an attacker at another address, and the answers to an honest caller meanwhile. */
async function open(
  t: TestContext,
  app: Parameters<typeof listen>[0],
  limits: Partial<RequestLimits> = {},
): Promise<{ attacker: RawCaller; statuses: (path: string) => Promise<readonly number[]> }> {
  const server = await listen(app, 0, '127.0.0.1', { limits });
  const attacker = new RawCaller(Number(new URL(server.url).port), '127.0.0.2');
  t.after(async () => {
    attacker.leave();
    await server.close();
  });
  return {
    attacker,
    async statuses(path) {
      const statuses = [];
      for (const body of ['[]', JSON.stringify(['a'.repeat(200_000)])]) {
        const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
        const answer = await fetch(`${server.url}${path}`, init);
        await answer.text();
        statuses.push(answer.status);
      }
      return statuses;
    },
  };
}

describe('a server that slow senders of one address attack', () => {
  // @attack slow senders take the door: 16 announce 16 MiB, 260 send a byte | bodies come before places, bytes count as they come
  it('is open while 16 senders announce 16 MiB each and send a byte', async (t) => {
    const { attacker, statuses } = await open(t, networkApp(agents));
    await attacker.sendMany(16, `${headOf(POST, JSON_TYPE, 'content-length: 16777216')}[`);
    assert.deepEqual(await statuses('/hospital/v1/submissions'), [200, 200]);
  });

  it('is open while more of them than there are places send one byte each', async (t) => {
    const limits = { requests: 16, files: 16 };
    const { attacker, statuses } = await open(t, networkApp(agents, { limits }));
    await attacker.sendMany(20, `${headOf(POST, JSON_TYPE, 'content-length: 2')}[`);
    assert.deepEqual(await statuses('/hospital/v1/submissions'), [200, 200]);
  });

  // @attack 4 slow senders take the ledger's door | the same
  it('is open, if it is the ledger’s, while 4 senders announce 16 MiB each', async (t) => {
    const ledger = { request: async () => await Promise.resolve('0x1') };
    const { attacker, statuses } = await open(t, ledgerApp(ledger));
    await attacker.sendMany(4, `${headOf('POST /', JSON_TYPE, 'content-length: 16777216')}[`);
    assert.deepEqual(await statuses('/'), [200, 200]);
  });

  // @attack silent connections reset everyone | an eighth for one address, the idle are cut off
  it('is open while more connections than there may be say nothing', async (t) => {
    const { attacker, statuses } = await open(t, networkApp(agents), { connections: 64 });
    await attacker.sendMany(70);
    assert.deepEqual(await statuses('/hospital/v1/submissions'), [200, 200]);
  });
});
