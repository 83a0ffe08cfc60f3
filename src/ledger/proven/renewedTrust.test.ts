import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  recordedFetch,
  recordedNetwork,
  recordedSource,
  vectors,
} from '../../consortium/test/vectors.ts';
import { LightLedger } from '../../consortium/LightLedger.ts';
import type { TrustedBlock } from '../../consortium/verifyBlock.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import type { EarlierFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { connectVerifiedLedger, type VerifiedLedgerOptions } from './connectVerifiedLedger.ts';

const { chain, time, validators, height } = vectors;
const clock = { now: () => (time + 60) * 1000, after: () => () => undefined };
const DAYS = [22, 30, 365];

/** The block of a height as the recorded validators signed it. */
async function verified(at: number): Promise<TrustedBlock & BlockFacts> {
  const founding = { chain, time, validators };
  const ledger = new LightLedger({ primitives, clock, source: recordedSource(), founding });
  await ledger.verifiedBlock(at);
  const { hash = assert.fail(), ...block } = ledger.trusted;
  return { ...block, hash };
}

/** A network that was founded so many days before. */
function founded(days: number): VerifiedLedgerOptions['network'] {
  const { ledger, ...rest } = recordedNetwork;
  return { ...rest, ledger: { ...ledger, timestamp: time - days * 86_400 } };
}

async function open(given: Partial<VerifiedLedgerOptions> = {}, lie?: Lie): Promise<unknown> {
  const ledger = await connectVerifiedLedger({
    url: 'http://ledger.test',
    clock,
    fetch: recordedFetch(lie),
    network: founded(22),
    ...given,
  });
  return await ledger.request({ method: 'eth_blockNumber' });
}

type Lie = NonNullable<Parameters<typeof recordedFetch>[0]>;

async function asking(block: BlockFacts): Promise<BlockFacts> {
  return await Promise.resolve({ height: block.height, hash: block.hash, time: block.time });
}

function failing(error: Error): () => Promise<never> {
  return async () => await Promise.reject(error);
}

/** An earlier network file, in whose successor a block is stated. */
function earlier(block: BlockFacts | undefined): EarlierFile {
  const file = { fingerprint: word('earlier'), until: 1000, channels: [] };
  return { ...file, ...(block && { block }) };
}

const NEWEST = `0x${height.toString(16)}`;
const unproven = failsWith('LEDGER_UNPROVEN');

describe('a reader whose trust is too old', () => {
  for (const days of DAYS) {
    it(`goes on from the block that coordinators sign, ${days} days after the founding or after it last read`, async () => {
      const signed = await verified(height);
      const kept: TrustedBlock[] = [];
      const onTrusted = async (block: TrustedBlock) => await Promise.resolve(void kept.push(block));
      const askNewest = async () => await asking(signed);
      await assert.rejects(open({ network: founded(days) }), failsWith('LEDGER_TRUST_OLD'));
      assert.equal(await open({ network: founded(days), askNewest, onTrusted }), NEWEST);
      assert.equal(kept[0]?.height, height + 1);
      const trusted = { ...(await verified(2)), time: time - days * 86_400 };
      const back = { network: founded(days + 1), trusted };
      await assert.rejects(open(back), failsWith('LEDGER_TRUST_OLD'));
      assert.equal(await open({ ...back, askNewest }), NEWEST);
      // The block that it verified now is trusted by itself.
      const [newest = assert.fail()] = kept;
      assert.equal(await open({ network: founded(days), trusted: newest }), NEWEST);
    });
  }

  it('asks nobody while its trust holds', async () => {
    const askNewest = failing(new Error('asked'));
    assert.equal(await open({ network: founded(20), askNewest }), NEWEST);
    const trusted = await verified(2);
    assert.equal(await open({ trusted, askNewest }), NEWEST);
  });

  it('asks once its trust ended while it did not read', async () => {
    let at = time + 60;
    const ledger = await connectVerifiedLedger({
      url: 'http://ledger.test',
      clock: { ...clock, now: () => at * 1000 },
      fetch: recordedFetch(),
      network: founded(20),
      askNewest: failing(new MedsealError('VERDICTS_MISSING', { got: 1, needed: 2 })),
    });
    const read = async () => await ledger.request({ method: 'eth_blockNumber' });
    assert.equal(await read(), NEWEST);
    at += 22 * 86_400;
    await assert.rejects(read(), failsWith('VERDICTS_MISSING'));
    at -= 22 * 86_400;
    assert.equal(await read(), NEWEST);
  });

  it('goes on from the block that the newest successor of the network file states, and asks nobody', async () => {
    const signed = await asking(await verified(height));
    const older = await asking(await verified(2));
    const askNewest = failing(new Error('asked'));
    for (const blocks of [[signed], [older, signed], [signed, undefined]]) {
      const network = { ...founded(40), before: blocks.map((block) => earlier(block)) };
      assert.equal(await open({ network }), NEWEST);
      assert.equal(await open({ network, askNewest }), NEWEST);
      const trusted = { ...(await verified(2)), time: time - 30 * 86_400 };
      assert.equal(await open({ network, trusted, askNewest }), NEWEST);
    }
  });

  // @attack former validators, whose stake is free again, sign another ledger from the block that an old successor states | it is trusted for 21 days, as any other block is
  it('trusts the block that a successor states for 21 days, and asks then', async () => {
    const signed = await asking(await verified(height));
    const before = [earlier({ ...signed, time: signed.time - 22 * 86_400 }), earlier(undefined)];
    const network = { ...founded(40), before };
    await assert.rejects(open({ network }), failsWith('LEDGER_TRUST_OLD'));
    const askNewest = failing(new MedsealError('VERDICTS_MISSING', { got: 1, needed: 2 }));
    await assert.rejects(open({ network, askNewest }), failsWith('VERDICTS_MISSING'));
    assert.equal(await open({ network, askNewest: async () => await asking(signed) }), NEWEST);
  });

  // @attack an endpoint shows a reader another ledger than the one whose block a successor states | its block must have the hash that is stated
  it('refuses an endpoint that shows another block than the successor states', async () => {
    const signed = await asking(await verified(height));
    for (const other of [
      { ...signed, hash: word('another') },
      { ...signed, height: 2 },
    ]) {
      const network = { ...founded(40), before: [earlier(other)] };
      await assert.rejects(open({ network }), unproven);
    }
    const trusted = { ...(await verified(2)), time: time - 30 * 86_400, hash: word('before') };
    const network = { ...founded(40), before: [earlier(signed)] };
    await assert.rejects(open({ network, trusted }), unproven, 'the block of long ago is compared');
  });

  it('fails as those who sign no block do', async () => {
    const askNewest = failing(new MedsealError('VERDICTS_MISSING', { got: 1, needed: 2 }));
    await assert.rejects(open({ askNewest }), failsWith('VERDICTS_MISSING'));
  });

  // @attack former validators, whose stake is free again, sign another ledger for a device that was away, together with the endpoint that it asks | the block that k coordinators sign now is not in it
  it('refuses an endpoint that shows another block than the coordinators signed', async () => {
    const signed = await verified(height);
    for (const other of [
      { ...signed, hash: word('another block') },
      { ...signed, height: 2 },
      { ...(await verified(2)), height },
    ]) {
      await assert.rejects(open({ askNewest: async () => await asking(other) }), unproven);
    }
    const askNewest = async () => await asking(signed);
    const lies = [
      ['commit', /"chain_id":"medseal-./, '"chain_id":"medseal-x'],
      ['commit', /"block_id_flag":2/g, '"block_id_flag":1'],
      ['commit', /"signature":"..../, '"signature":"AAAA'],
      ['validators', /"voting_power":"\d+"/, '"voting_power":"99"'],
    ] as const;
    for (const [what, pattern, instead] of lies) {
      const lie: Lie = (answer, _, [asked]) =>
        asked === what ? answer.replace(pattern, instead) : answer;
      await assert.rejects(open({ askNewest }, lie), unproven, instead);
    }
  });

  it('refuses an endpoint that shows another block than the one that it verified long ago', async () => {
    const askNewest = async () => await asking(await verified(height));
    const trusted = { ...(await verified(2)), time: time - 30 * 86_400, hash: word('before') };
    const back = { network: founded(40), trusted, askNewest };
    await assert.rejects(open(back), unproven);
    await assert.rejects(
      open({ ...back, trusted: { ...trusted, chain: 'medseal-0' } }),
      failsWith('LEDGER_OTHER'),
    );
  });
});
