import assert from 'node:assert/strict';
import { contractCreations } from '../../../bindings/contractCreations.ts';
import { MemoryDatabase } from '../../../database/test/MemoryDatabase.ts';
import { openEmbeddedLedger } from '../../../ledger/openEmbeddedLedger.ts';
import { openSender } from '../../../ledger/openSender.ts';
import { TestClock } from '../../../ledger/test/TestClock.ts';
import type { Address } from '../../../protocol/ids.ts';
import { coordinatorsIn } from '../../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../../protocol/network/NetworkFile.ts';
import { context, primitives, signatory, word } from '../../../protocol/test/sampleNetwork.ts';
import { FOUR, four } from '../../../protocol/test/sampleReplacement.ts';
import type { RulesCarrier } from '../carryChanges.ts';
import type { ComparedLedger } from '../ComparedLedger.ts';

/** The sample consortium of four, whose contracts are on an embedded ledger. */
export interface FoundedFour {
  readonly clock: TestClock;
  /** Way to the ledger of the first organisation. */
  readonly carrier: RulesCarrier;
  /** Way to the ledger of the second organisation. */
  readonly other: RulesCarrier;
  /** The contract that hands out stake. */
  readonly validators: Address;
  /** Returns what a node compares successors with, which knows these. */
  readonly sourceOf: (successors?: ComparedLedger['succession']['successors']) => ComparedLedger;
}

/**
 * Founds the sample consortium of four on an embedded ledger.
 *
 * @param begin - Seconds of the first block.
 * @param delay - The ledger's delay, seconds.
 */
export async function foundFour(begin: number, delay: number): Promise<FoundedFour> {
  const [care = assert.fail()] = four.channels;
  const clock = new TestClock(1000 * begin);
  const { chainId } = four.ledger;
  const accounts = FOUR.map((name) => signatory(`sender of ${name}`));
  const [founder = assert.fail(), second = assert.fail()] = accounts;
  const ledger = await openEmbeddedLedger({
    database: new MemoryDatabase(),
    chainId,
    genesis: { timestamp: begin, senders: accounts.map(({ address }) => address) },
    clock,
    primitives,
  });
  const senderOf = ({ signingKey: secret }: typeof founder) =>
    openSender({ provider: ledger, chainId, secret, primitives, clock });
  const sender = senderOf(founder);
  const creations = contractCreations({
    networkId: four.networkId,
    authority: four.authority,
    coordinators: coordinatorsIn(care),
    delay,
    stakes: FOUR.map((organisation) => {
      return { organisation, key: word(`validator of ${organisation}`), amount: 10 };
    }),
    deployer: founder.address,
    nonce: 0,
  });
  for (const { data } of creations) await sender.send({ data });
  const named = creations.map(({ contract, address }) => [contract, address] as const);
  const contracts = Object.fromEntries(named) as unknown as NetworkFile['contracts'];
  const carrier: RulesCarrier = { ...context, network: { contracts }, ledger, sender, clock };
  const index = {
    refresh: async () => await Promise.resolve(),
    get moment() {
      return Math.floor(clock.now() / 1000);
    },
  };
  return {
    clock,
    carrier,
    other: { ...carrier, sender: senderOf(second) },
    validators: contracts.validators ?? assert.fail(),
    sourceOf: (successors = []) => ({ ...carrier, index, succession: { successors } }),
  };
}
