import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { contractCreations, furtherCreation } from '../../bindings/contractCreations.ts';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import { openSender, type Sender } from '../../ledger/openSender.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import type { FurtherContract } from '../../protocol/network/furtherContracts.ts';
import { coordinatorsIn } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network, primitives, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { requireCreated } from '../../services/succession/requireCreated.ts';
import { ContractMaker } from './ContractMaker.ts';

/** Contracts that are created on a ledger whose network was founded without them. */

const founder = signatory('sender of hospital');
const other = signatory('sender of laboratory');
const [care = assert.fail()] = network.channels;
const founding = {
  networkId: network.networkId,
  authority: network.authority,
  coordinators: coordinatorsIn(care),
  deployer: founder.address,
};
const begun = contractCreations({ ...founding, nonce: 0 });
const contracts = Object.fromEntries(
  begun.map(({ contract, address }) => [contract, address]),
) as unknown as NetworkFile['contracts'];
const file: NetworkFile = { ...network, contracts };
const { chainId } = network.ledger;
const { clock } = await machinePorts();
let ledger: EmbeddedLedger;
let sender: Sender;

beforeEach(async () => {
  const senders = [founder.address, other.address];
  ledger = await openEmbeddedLedger({
    database: new MemoryDatabase(),
    chainId,
    genesis: { timestamp: 1_700_000_000, senders },
    clock,
    primitives,
  });
  sender = senderOf(founder);
  for (const { data } of begun) await sender.send({ data });
});
afterEach(async () => {
  await ledger.close();
});

function senderOf({ signingKey: secret }: typeof founder): Sender {
  return openSender({ provider: ledger, chainId, secret, primitives, clock });
}

function makerOf(by = sender, newest = file): ContractMaker {
  const succession = { files: [file, newest] };
  return new ContractMaker({ ledger, network: file, succession, sender: by, primitives });
}

/** Compares contracts as who signs does. */
async function examine(added: Partial<Record<FurtherContract, Address>>): Promise<void> {
  await requireCreated({ ledger, network: file, primitives }, { contracts: added }, true);
}

async function refuses(
  added: Partial<Record<FurtherContract, Address>>,
  reason: string,
): Promise<void> {
  await assert.rejects(examine(added), failsWith('SUCCESSOR_INVALID', { reason }));
}

function otherCode(name: string, at: string): string {
  return `the contract ${name} at ${at} is not the one that this version of Medseal creates for the network`;
}

/** Sends a creation, and returns the address. */
async function create(data: Hex, by: Sender = senderOf(other)): Promise<Address> {
  const { transaction } = await by.send({ data });
  const receipt = (await ledger.request({
    method: 'eth_getTransactionReceipt',
    params: [transaction],
  })) as { contractAddress: Address };
  return receipt.contractAddress;
}

const terms = { term: 2_592_000 };
function dataOf(
  contract: FurtherContract,
  registry = contracts.registry,
  partner: Address = signatory('partner').address,
  term = terms.term,
): Hex {
  return furtherCreation(contract, { registry, addressOf: () => partner, terms: { term } });
}

describe('contracts that a network lacks', () => {
  it('are created as this version creates them, those that name each other together', async () => {
    const maker = makerOf();
    const made = await maker.create(['prescriptions', 'vitalRecords', 'claims']);
    assert.deepEqual(Object.keys(made).toSorted(), [
      'claims',
      'prescriptions',
      'settlement',
      'vitalRecords',
    ]);
    await examine(made);
  });

  it('are the same at a repeat, and others once the node was opened again', async () => {
    const maker = makerOf();
    const first = await maker.create(['vitalRecords']);
    assert.deepEqual(await maker.create(['vitalRecords']), first);
    const both = await Promise.all([maker.create(['claims']), maker.create(['settlement'])]);
    assert.deepEqual(both[0], both[1]);
    const again = await makerOf().create(['vitalRecords']);
    assert.notDeepEqual(again, first);
    await examine(first);
    await examine(again);
  });

  it('name each other although the account sends something else meanwhile', async () => {
    const [made] = await Promise.all([
      makerOf().create(['claims']),
      ...[1, 2, 3].map(async () => await sender.send({ to: founder.address, data: '0x' })),
    ]);
    await examine(made);
  });

  it('are created again after another process used a nonce between the two', async () => {
    await senderOf(founder).send({ to: founder.address, data: '0x' });
    const maker = makerOf();
    await assert.rejects(maker.create(['claims']), failsWith('NOT_YET'));
    await examine(await maker.create(['claims']));
  });

  it('are refused if the network has one, or is about to', async () => {
    const coming = { ...file, contracts: { ...contracts, claims: signatory('claims').address } };
    await assert.rejects(
      makerOf(sender, coming).create(['prescriptions', 'settlement']),
      failsWith('ARGUMENT_INVALID', {
        argument: 'contract',
        reason: 'the network has a contract claims already',
      }),
    );
  });

  it('are created by an account that the ledger takes transactions of', async () => {
    const stranger = senderOf(signatory('stranger'));
    await assert.rejects(makerOf(stranger).create(['prescriptions']), failsWith('LEDGER_REJECTED'));
  });
});

describe('contracts that a successor names', () => {
  it('are taken from whichever account created them', async () => {
    await examine({ prescriptions: await create(dataOf('prescriptions')) });
  });

  it('are refused before they are on the ledger', async () => {
    const { address } = signatory('nothing');
    await refuses(
      { prescriptions: address },
      `the contract prescriptions at ${address} is not on the ledger`,
    );
  });

  // @attack an operator proposes a contract with other code, or created with other values, and has the others sign it | whoever signs runs the creation and compares the code that it leaves: `SUCCESSOR_INVALID`
  it('are refused with other code, or another’s', async () => {
    const vitalRecords = await create(dataOf('vitalRecords'));
    await refuses({ prescriptions: vitalRecords }, otherCode('prescriptions', vitalRecords));
    const { registry } = contracts;
    await refuses({ prescriptions: registry }, otherCode('prescriptions', registry));
  });

  it('are refused if they are another network’s', async () => {
    const [foreign = assert.fail()] = contractCreations({
      ...founding,
      networkId: word('another network'),
      nonce: 0,
    });
    const registry = await create(foreign.data);
    const prescriptions = await create(dataOf('prescriptions', registry));
    await assert.rejects(examine({ prescriptions }), failsWith('SUCCESSOR_INVALID'));
    // A Registry of the same network, in which the same id has other parties.
    const twin = await create(begun[0]?.data ?? assert.fail());
    const vitalRecords = await create(dataOf('vitalRecords', twin));
    await assert.rejects(examine({ vitalRecords }), failsWith('SUCCESSOR_INVALID'));
  });

  it('are refused with another term, or if they do not name each other', async () => {
    const made = await makerOf().create(['claims']);
    const { settlement = assert.fail(), claims = assert.fail() } = made;
    const hasty = await create(dataOf('claims', contracts.registry, settlement, 1));
    await assert.rejects(examine({ settlement, claims: hasty }), failsWith('SUCCESSOR_INVALID'));
    const twin = await create(dataOf('claims', contracts.registry, settlement));
    await assert.rejects(examine({ settlement, claims: twin }), failsWith('SUCCESSOR_INVALID'));
    const free = await create(dataOf('settlement', contracts.registry, founder.address));
    await assert.rejects(examine({ settlement: free, claims }), failsWith('SUCCESSOR_INVALID'));
    await examine({ settlement, claims });
  });

  // @attack an operator creates the contract of units by code of its own, which gives an account units before it leaves the right code | whoever signs compares the storage with that of a fresh creation
  it('are refused with the right code and something in their storage', async () => {
    const honest = await create(dataOf('prescriptions'));
    const params = [honest, 'latest'];
    const code = String(await ledger.request({ method: 'eth_getCode', params })).slice(2);
    const length = (code.length / 2).toString(16).padStart(4, '0');
    // SSTORE(0, 1), then all that follows is the code.
    const filled = await create(`0x600160005561${length}806100126000396000f3${code}`);
    await refuses(
      { prescriptions: filled },
      `the contract prescriptions at ${filled} holds more than its creation leaves: create it again`,
    );
    // Once it is in use its storage says nothing.
    const source = { ledger, network: file, primitives };
    await requireCreated(source, { contracts: { prescriptions: filled } });
  });
});
