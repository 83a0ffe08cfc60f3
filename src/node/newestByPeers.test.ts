import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { MedsealError } from '../errors/MedsealError.ts';
import { requireBlockConflict, type BlockConflict } from '../protocol/evidence/blockConflict.ts';
import type { BlockFacts } from '../protocol/network/BlockFacts.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { word } from '../protocol/test/sampleNetwork.ts';
import { canonicalHash } from '../protocol/wire/canonicalHash.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import { sign } from '../protocol/struct/signing.ts';
import type { CoordinatorPort } from '../services/ports.ts';
import { newestByPeers, type NewestPeer } from './newestByPeers.ts';
import { startTestNetwork, type TestNetwork } from './test/testNetwork.ts';

const MONTH = 30 * 86_400_000;

let network: TestNetwork;
let conflicts: BlockConflict[];

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());
beforeEach(() => {
  conflicts = [];
});

function peer(
  organisation: string,
  attest: CoordinatorPort['attest'] = async (query) =>
    await network.services(organisation).coordinator.attest(query),
): NewestPeer {
  return {
    organisation,
    coordinator: { attest },
    successors: async () => await Promise.resolve([]),
  };
}

/** Asks as the insurer's node would, which has no ledger yet. */
async function ask(peers: readonly NewestPeer[]): Promise<BlockFacts> {
  const { file, clock, ports } = network;
  return await newestByPeers({ ...ports, clock }, file, peers, async (conflict) => {
    await Promise.resolve(void conflicts.push(conflict));
  });
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' }));
}

describe('the newest block for a node whose trust is too old', () => {
  it('is what the other organisations’ coordinators sign, a month later and after one restarted', async () => {
    network.clock.advance(MONTH);
    await network.restart('hospital');
    await network.party('patient');
    const params = ['latest', false];
    const head = await network.ledger.request({ method: 'eth_getBlockByNumber', params });
    const newest = await ask([peer('hospital'), peer('laboratory')]);
    assert.equal(newest.hash, (head as { hash: string }).hash);
    assert.deepEqual(conflicts, []);
  });

  it('cannot be told while too few answer', async () => {
    const missing = failsWith('VERDICTS_MISSING');
    await assert.rejects(ask([peer('hospital'), peer('laboratory', away)]), missing);
    const nobody = ask([peer('hospital', away), peer('laboratory', away)]);
    await assert.rejects(nobody, failsWith('PEER_UNREACHABLE'));
  });

  it('cannot be told if one signs another block, which is kept', async () => {
    const { coordinator } = network.services('laboratory');
    const key = network.keys.get('laboratory')?.coordinator;
    assert.ok(key);
    const { primitives } = network.ports;
    const liar = peer('laboratory', async (query) => {
      const { facts, attestation } = await coordinator.attest(query);
      const { newest = assert.fail() } = facts;
      const made = { ...facts, newest: { ...newest, hash: word('made up') } };
      const message = { ...attestation, facts: canonicalHash(primitives, made) };
      const context = { primitives, domain: domainOf(network.file) };
      const { party, signature } = sign(context, key, 'Attestation', message);
      return { facts: made, attestation: message, coordinator: party, signature };
    });
    await assert.rejects(ask([peer('hospital'), liar]), failsWith('LEDGER_DISPUTED'));
    const [kept] = conflicts;
    const { signed } = requireBlockConflict({ primitives }, [network.file], kept);
    assert.deepEqual(signed.map(({ organisation }) => organisation).toSorted(), [
      'hospital',
      'laboratory',
    ]);
  });
});
