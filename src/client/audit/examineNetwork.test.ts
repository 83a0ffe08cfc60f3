import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { examineNetwork, type NetworkSources } from './examineNetwork.ts';

let network: TestNetwork;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

/** Returns each finding as its subject and fault. */
async function examined(
  sources: NetworkSources,
  change: Partial<NetworkFile> = {},
): Promise<readonly string[]> {
  const file = { ...network.file, ...change };
  const { findings } = await examineNetwork(network.ports.primitives, file, sources);
  return findings.map((found) => {
    const of =
      found.subject === 'node'
        ? ` ${found.organisation}`
        : found.subject === 'coordinators'
          ? ` ${found.channel}`
          : '';
    const { fault, unchecked } = found;
    const said = unchecked === undefined ? (fault ?? 'so') : `unchecked: ${unchecked}`;
    return `${found.subject}${of}: ${said}`;
  });
}

/** A second channel of the network; its coordinators are said. */
function channelsWith(addressOf: (organisation: string) => `0x${string}`): NetworkFile['channels'] {
  const [care] = network.file.channels;
  assert.ok(care);
  const coordinators = care.coordinators.map(({ organisation }) => {
    return { organisation, address: addressOf(organisation) };
  });
  return [care, { ...care, name: 'research', coordinators }];
}

async function ledger(): Promise<TestNetwork['ledger']> {
  return await Promise.resolve(network.ledger);
}

function failing(error: MedsealError): () => Promise<never> {
  return async () => await Promise.reject(error);
}

/** Nodes of which one uses another file, and one does not answer. */
function differing(name: string): { network(): Promise<NetworkFile> } {
  return {
    network: async () => {
      if (name === 'insurer') throw new MedsealError('PEER_UNREACHABLE', { peer: name });
      return await Promise.resolve({ ...network.file, demo: name === 'hospital' });
    },
  };
}

async function otherConsent(): Promise<string> {
  return await Promise.resolve('consent');
}

describe('a network file', () => {
  it('is compared with what its sources say, and with nothing else', async () => {
    assert.deepEqual(await examined({}), []);
    const fingerprint = fingerprintOf(network.ports.primitives, network.file);
    const sources = { fingerprint, agentOf: (name: string) => network.agent(name), ledger };
    const nodes = ['node hospital: so', 'node laboratory: so', 'node insurer: so'];
    const onLedger = ['authority: so', 'coordinators care: so', 'rights: so'];
    assert.deepEqual(await examined(sources), [
      'fingerprint: so',
      ...nodes,
      'ledger: so',
      ...onLedger,
    ]);
    assert.deepEqual(await examined({ ledger, findOtherContract: otherConsent }), [
      'ledger: so',
      'contracts: the code of consent is not that of this version',
      ...onLedger,
    ]);
  });

  it('has a fault in each channel whose coordinators the Registry does not have', async () => {
    const wrong = 'coordinators research: the Registry has other seats or another threshold';
    const strangers = channelsWith((name) => signatory(`mallory as ${name}`).address);
    for (const channels of [strangers, strangers.toReversed()]) {
      const found = await examined({ ledger }, { channels });
      assert.deepEqual(
        found.filter((each) => !each.endsWith(': so')),
        [wrong],
      );
    }
    const [care] = network.file.channels;
    const same = channelsWith(
      (name) => care?.coordinators.find((each) => each.organisation === name)?.address ?? '0x',
    );
    const found = await examined({ ledger }, { channels: same });
    assert.ok(found.includes('coordinators research: so'));
  });

  it('has a fault for each thing that is otherwise', async () => {
    const found = await examined({ fingerprint: `0x${'00'.repeat(32)}`, agentOf: differing });
    assert.match(found[0] ?? '', /^fingerprint: the fingerprint is 0x[0-9a-f]{64}, not 0x0{64}$/);
    assert.deepEqual(found.slice(1, 3), [
      'node hospital: so',
      'node laboratory: uses another network file',
    ]);
    const rights = { longest: 7 };
    assert.ok(
      (await examined({ ledger }, { rights })).includes(
        'rights: the contract has another longest right',
      ),
    );
  });

  it('is not checked where a node is away, the trust is too old or no ledger answers, and has no fault for it', async () => {
    const nodes = await examined({ agentOf: differing });
    assert.match(nodes[2] ?? '', /^node insurer: unchecked: .*insurer cannot be reached/);
    for (const error of [
      new MedsealError('LEDGER_UNREACHABLE', {}),
      new MedsealError('LEDGER_TRUST_OLD', { days: 21 }),
      new MedsealError('LEDGER_STALE', { age: 200 }),
      new MedsealError('LEDGER_SLOW', { seconds: 9 }),
      new MedsealError('LEDGER_PRUNED', { lowest: 9 }),
      new MedsealError('VERDICTS_MISSING', { got: 1, needed: 2 }),
      new MedsealError('CLOCK_SKEWED', { limit: 60 }),
      new MedsealError('NOT_FOUND', { what: 'ledger' }),
      new MedsealError('OVERLOADED', {}),
    ]) {
      assert.deepEqual(await examined({ ledger: failing(error) }), [
        `ledger: unchecked: ${error.message}`,
      ]);
    }
  });

  it('has a fault where the ledger proves to be another one, or to lie', async () => {
    for (const error of [
      new MedsealError('LEDGER_OTHER', {}),
      new MedsealError('LEDGER_UNPROVEN', { what: 'block 3' }),
      new MedsealError('LEDGER_FORKED', { height: 3 }),
      new MedsealError('PEER_MALFORMED', { what: 'ledger answer' }),
    ]) {
      assert.deepEqual(await examined({ ledger: failing(error) }), [`ledger: ${error.message}`]);
    }
  });
});
