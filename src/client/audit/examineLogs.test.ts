import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgedBy, submissionOf, writeOf } from '../../node/test/requests.ts';
import { startCare, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { ExaminationContext } from './examineLog.ts';
import { examineLogs, type LogsSources } from './examineLogs.ts';

let network: TestNetwork;

before(async () => {
  network = await startTestNetwork({ cared: true });
  const care = await startCare(network);
  await acknowledgedBy(care.doctor, submissionOf(care, 'Write', await writeOf(care)));
  await network.checkpoint();
});
after(async () => await network.close());

function context(): ExaminationContext {
  const { file, ports, clock } = network;
  return { ...ports, clock, network: file, domain: domainOf(file) };
}

/** A node of which one method is another. */
function other(
  name: string,
  change: Partial<ReturnType<TestNetwork['agent']>>,
): ReturnType<LogsSources['agentOf']> {
  return new Proxy(network.agent(name), {
    get: (target, member) => Reflect.get(change, member) ?? Reflect.get(target, member),
  });
}

async function elsewhere(): Promise<never> {
  return await Promise.reject(new MedsealError('NOT_FOUND', { what: 'organisation' }));
}

async function silent(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));
}

async function malformed(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_MALFORMED', { what: 'answer' }));
}

const NAMES = ['care/hospital', 'care/laboratory', 'care/insurer'];

describe('all logs of a network', () => {
  it('are compared with the copies of the channel’s others and with the ledger, or only one of them', async () => {
    const sources = { agentOf: (name: string) => network.agent(name), ledger: network.ledger };
    const found = await examineLogs(context(), sources);
    assert.deepEqual(
      found.map(({ log }) => log),
      NAMES,
    );
    for (const { faults, absent, witnesses } of found) {
      assert.deepEqual([faults, absent, witnesses.length], [[], [], 3]);
    }
    assert.deepEqual([found[0]?.entries, found[0]?.organisation], [1, 'hospital']);
    const one = await examineLogs(context(), { ...sources, log: 'care/insurer' });
    assert.deepEqual(
      one.map(({ log }) => log),
      ['care/insurer'],
    );
    const none = examineLogs(context(), { ...sources, log: 'care/clinic' });
    await assert.rejects(none, failsWith('NOT_FOUND'));
  });

  it('name the organisations whose node is unknown or elsewhere, and are not read without their own', async () => {
    const found = await examineLogs(context(), {
      agentOf: (name) => {
        if (name === 'laboratory') return undefined;
        return name === 'insurer' ? other(name, { network: elsewhere }) : network.agent(name);
      },
    });
    assert.deepEqual(
      found.map(({ faults, unread, absent, witnesses }) => [faults, unread, absent, witnesses]),
      [
        [[], undefined, ['laboratory', 'insurer'], []],
        [[], 'the node of laboratory is not there', ['laboratory', 'insurer'], []],
        [[], 'the node of insurer is not there', ['insurer', 'laboratory'], []],
      ],
    );
  });

  it('are not read if the node is silent or hides its log, in every channel, and have a fault if it answers something else', async () => {
    const { file } = network;
    const channels = file.channels.flatMap((channel) => {
      const logs = channel.logs.map((log) => ({ ...log, name: `research/${log.organisation}` }));
      return [channel, { ...channel, name: 'research', logs }];
    });
    const found = await examineLogs(
      { ...context(), network: { ...file, channels } },
      {
        agentOf: (name) =>
          name === 'hospital'
            ? other(name, { network: silent, receipt: silent, checkpoint: silent })
            : network.agent(name),
      },
    );
    const unread = found.filter((each) => each.unread !== undefined).map(({ log }) => log);
    const research = NAMES.map((name) => name.replace('care', 'research'));
    assert.deepEqual(unread, ['care/hospital', ...research]);
    assert.ok(found.every(({ absent, faults }) => absent.length + faults.length === 0));
    const [wrong] = await examineLogs(context(), {
      agentOf: (name) => other(name, { receipt: malformed }),
      log: 'care/hospital',
    });
    assert.deepEqual([wrong?.faults.length, wrong?.unread], [1, undefined]);
  });
});
