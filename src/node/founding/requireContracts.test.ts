import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import {
  contractCreations,
  type ContractCreation,
  createdAddress,
  furtherCreation,
  type ContractFounding,
} from '../../bindings/contractCreations.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import { openSender } from '../../ledger/openSender.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { Address } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import {
  network,
  ORGANISATIONS,
  primitives,
  research,
  signatory,
  word,
} from '../../protocol/test/sampleNetwork.ts';
import { openFolder } from '../../folder/openFolder.ts';
import type { Files } from '../../folder/Files.ts';
import { creationsOf } from './creationsOf.ts';
import { findOtherContract } from './findOtherContract.ts';
import { requireAdded, requireContracts } from './requireContracts.ts';
import { scratchFolder } from '../test/scratchFolder.ts';

/** A founder that puts other contracts on its ledger than the network file, which all compare, leads to. */

const founder = signatory('sender of hospital');
const [channel] = network.channels;
assert.ok(channel !== undefined);
const honest: ContractFounding = {
  networkId: network.networkId,
  authority: network.authority,
  coordinators: { threshold: channel.thresholds.writes, members: channel.coordinators },
  deployer: founder.address,
  nonce: 0,
};
const [registry, consent, evidence] = contractCreations(honest);
assert.ok(registry !== undefined && consent !== undefined && evidence !== undefined);
const file: NetworkFile = {
  ...network,
  founders: ORGANISATIONS.map((organisation) => ({
    organisation,
    sender: signatory(`sender of ${organisation}`).address,
  })),
  contracts: {
    registry: registry.address,
    consent: consent.address,
    evidence: evidence.address,
  },
};
let ledger: EmbeddedLedger;
let files: Files;
let folder: string;

beforeEach(async () => {
  const clock = new TestClock(1_700_000_000_000);
  const { chainId } = network.ledger;
  const genesis = { timestamp: 1_700_000_000, senders: [founder.address] };
  ledger = await openEmbeddedLedger({
    database: new MemoryDatabase(),
    chainId,
    genesis,
    clock,
    primitives,
  });
  folder = await scratchFolder();
  files = await openFolder(folder);
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

/** Creates contracts as a founder may. */
async function create(creations: readonly Pick<ContractCreation, 'data'>[]): Promise<void> {
  const { chainId } = network.ledger;
  const clock = new TestClock(1_700_000_000_000);
  const secret = founder.signingKey;
  const sender = openSender({ provider: ledger, chainId, secret, primitives, clock });
  for (const { data } of creations) await sender.send({ data });
}

async function look(): Promise<void> {
  await requireContracts(files, file, ledger, primitives);
}

describe('a node that starts for the first time', () => {
  it('works by a ledger whose contracts are those of its own version', async () => {
    await create(contractCreations(honest));
    await look();
  });

  it('refuses one without them', async () => {
    await assert.rejects(look(), failsWith('CONTRACTS_OTHER', { contract: 'registry' }));
  });

  // @attack a founder puts other code, or other seats, on the ledger than the file leads to | a node compares both at its first start: `CONTRACTS_OTHER`
  it('refuses each contract that is another, by its code', async () => {
    await create([registry, evidence, consent]);
    await assert.rejects(look(), failsWith('CONTRACTS_OTHER', { contract: 'consent' }));
  });

  it('refuses another longest right than the network file names', async () => {
    await create(contractCreations({ ...honest, longestRight: 2 ** 40 }));
    await assert.rejects(look(), failsWith('CONTRACTS_OTHER', { contract: 'consent' }));
  });

  for (const change of [{ networkId: `0x${'66'.repeat(32)}` }, { delay: 1 }] as const) {
    it(`refuses contracts that were created with another ${Object.keys(change).join()}`, async () => {
      await create(contractCreations({ ...honest, ...change }));
      await assert.rejects(look(), failsWith('CONTRACTS_OTHER', { contract: 'registry' }));
    });
  }

  for (const office of ['authority', 'coordinators'] as const) {
    it(`refuses a Registry with a seat more in its ${office}`, async () => {
      const { address } = signatory('mallory');
      const members = [...honest[office].members, { organisation: 'insurer', address }];
      await create(contractCreations({ ...honest, [office]: { ...honest[office], members } }));
      await assert.rejects(look(), failsWith('CONTRACTS_OTHER', { contract: 'registry' }));
    });

    it(`refuses a Registry with another threshold of its ${office}`, async () => {
      await create(contractCreations({ ...honest, [office]: { ...honest[office], threshold: 3 } }));
      await assert.rejects(look(), failsWith('CONTRACTS_OTHER', { contract: 'registry' }));
    });
  }

  // @attack a network file has a second channel with coordinators that no office has | every channel is compared with the Registry’s coordinators: `CONTRACTS_OTHER`
  it('refuses a channel with other coordinators than the Registry has, wherever it stands', async () => {
    await create(contractCreations(honest));
    const members = research.coordinators.map(({ organisation }) => {
      return { organisation, address: signatory(`mallory as ${organisation}`).address };
    });
    for (const channels of [
      [channel, { ...research, coordinators: members }],
      [{ ...research, coordinators: members }, channel],
      [channel, { ...research, thresholds: { writes: 3, views: 2 } }],
    ]) {
      const looking = requireContracts(files, { ...file, channels }, ledger, primitives);
      await assert.rejects(looking, failsWith('CONTRACTS_OTHER', { contract: 'registry' }));
    }
    const both = { ...file, channels: [research, channel] };
    await requireContracts(files, both, ledger, primitives);
  });

  it('refuses contracts that somebody else created, elsewhere', async () => {
    await create(contractCreations(honest));
    const elsewhere = { ...file, contracts: { ...file.contracts, evidence: consent.address } };
    const looking = requireContracts(files, elsewhere, ledger, primitives);
    await assert.rejects(looking, failsWith('CONTRACTS_OTHER', { contract: 'evidence' }));
  });

  it('looks once: a later version creates other code, and offices change', async () => {
    await create(contractCreations(honest));
    await look();
    const nothing = { request: async () => await Promise.reject(new Error('asked')) };
    await requireContracts(files, file, nothing, primitives);
    const other = { ...file, demo: false };
    await assert.rejects(requireContracts(files, other, nothing, primitives), /asked/);
  });
});

/** The address of a contract that the founder's account creates. */
function next(nonce: number): Address {
  return createdAddress(founder.address, nonce);
}

async function unasked(): Promise<unknown> {
  return await Promise.reject(new Error('it asks the ledger'));
}

describe('a node under a file to which a successor added a contract', () => {
  const term = { term: 2_592_000 };
  const { registry: at } = file.contracts;
  const addressOf = (): Address => at;
  const data = furtherCreation('vitalRecords', { registry: at, addressOf, terms: term });
  const later = (vitalRecords: Address): NetworkFile => ({
    ...file,
    contracts: { ...file.contracts, vitalRecords },
    before: [{ fingerprint: word('first'), until: 1, channels: file.channels }],
  });
  async function open(network: NetworkFile): Promise<void> {
    await look();
    await requireAdded(files, network, file.contracts, ledger, primitives);
  }

  it('compares it once, beside those of the founding', async () => {
    await create(contractCreations(honest));
    // A transaction between the two, so that it is not where a founding creates it.
    await create([{ data: evidence.data }, { data }]);
    const network = later(next(4));
    assert.equal(await findOtherContract(network, ledger, primitives), undefined);
    await open(network);
    // A later version creates other code.
    await requireAdded(files, network, file.contracts, { request: unasked }, primitives);
    await requireContracts(files, file, { request: unasked }, primitives);
  });

  it('is refused if it was taken by its signatures, and another contract is there, or none', async () => {
    await create(contractCreations(honest));
    await create([{ data: evidence.data }]);
    for (const network of [later(next(3)), later(next(4))]) {
      await assert.rejects(
        open(network),
        failsWith('CONTRACTS_OTHER', { contract: 'vitalRecords' }),
      );
      assert.equal(await findOtherContract(network, ledger, primitives), 'vitalRecords');
    }
    await create([{ data }]);
    await open(later(next(4)));
    await assert.rejects(open(later(next(3))), failsWith('CONTRACTS_OTHER'));
  });

  it('has the founding’s own contracts recomputed from the file as before', () => {
    const founded = creationsOf(file, founder.address);
    assert.deepEqual(creationsOf(later(next(9)), founder.address), founded);
  });
});
