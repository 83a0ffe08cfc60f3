import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { evidenceAbi } from '../../bindings/generated/evidenceAbi.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBlocks } from '../../bindings/readBlocks.ts';
import { readCheckpointed } from '../../bindings/readCheckpointed.ts';
import { readLatestCheckpoint } from '../../bindings/readLatestCheckpoint.ts';
import { confirmPlace } from '../../client/audit/confirmPlace.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { connectJsonRpc } from '../../ledger/connectJsonRpc.ts';
import { openSender, type TransactionReceipt } from '../../ledger/openSender.ts';
import {
  connectVerifiedLedger,
  type VerifiedLedgerOptions,
} from '../../ledger/proven/connectVerifiedLedger.ts';
import { engineMissing, startEngines, type Engines } from '../../ledger/test/startEngines.ts';
import { creationsOf } from '../../node/founding/creationsOf.ts';
import { networkFileOf } from '../../node/founding/foundNetwork.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { ownLogOf } from '../../protocol/network/networkLookups.ts';
import type { FoundingValidator, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { primitives, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { LedgerIndex } from '../../services/LedgerIndex.ts';
import {
  changes,
  silentAt,
  startLyingLedger,
  type Lie,
  type LyingLedger,
} from '../test/lyingLedger.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';
import { startSigningNodes, type SayBlock } from '../test/signingNodes.ts';
import type { Findings } from './Finding.ts';

/** Four validators with the network’s contracts, behind an endpoint that passes questions on and lies as it is told. */

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer', 'pharmacy'] as const;
const CHAIN_ID = 4242;
const senders = ORGANISATIONS.map((name) => signatory(`sender of ${name}`));
const clock = systemClock;
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };

let endpoint: LyingLedger;
let url: string;
let folder: string;
let engines: Engines;
let network: NetworkFile;
let honest: LedgerProvider;
const receipts: TransactionReceipt[] = [];
const checkpoints: {
  readonly log: 'care/hospital';
  readonly size: number;
  readonly root: `0x${string}`;
}[] = [];

async function connect(given: Partial<VerifiedLedgerOptions> = {}): Promise<LedgerProvider> {
  return await connectVerifiedLedger({ url, clock, primitives, network, ...given });
}

async function verifyNetwork(...more: readonly string[]): Promise<{
  code: number | null;
  faults: readonly string[];
  unchecked: readonly string[];
}> {
  const file = join(folder, 'network.json');
  const home = join(folder, 'home');
  const args = ['verify', 'network', file, '--rpc', url, '--home', home, '--json', ...more];
  const { code, stdout, stderr } = await runMedseal(...args);
  assert.equal(stderr, '');
  const { findings, unchecked } = JSON.parse(stdout) as Findings;
  const faults = findings.flatMap(({ safe, what, detail }) => (safe ? [] : [`${what}: ${detail}`]));
  return { code, faults, unchecked: unchecked.filter((what) => what.startsWith('ledger: ')) };
}

/** Verifies the network with nodes that pass on what these coordinators sign. */
async function among(signers: readonly string[], say?: SayBlock): ReturnType<typeof verifyNetwork> {
  const file = JSON.parse(await readFile(join(folder, 'network.json'), 'utf8')) as NetworkFile;
  const nodes = await startSigningNodes(file, honest, signers, say);
  try {
    return await verifyNetwork('--url', nodes.url);
  } finally {
    await nodes.close();
  }
}

function validatorAt(place: number, key: `0x${string}`): FoundingValidator {
  return { key, node: String(place).repeat(40), address: `127.0.0.1:${place + 1}`, stake: 10 };
}

/** Puts a checkpoint of the hospital’s log on the ledger. */
async function checkpoint(size: number, provider: LedgerProvider): Promise<void> {
  const [, second] = senders;
  assert.ok(second);
  const { id: log } = ownLogOf(network, 'hospital').log;
  // One leaf proves to be the first of two: the second is all that the proof says.
  const leaf = primitives.sha256(Uint8Array.of(0));
  const other = primitives.sha256(Uint8Array.of(1));
  const both = primitives.sha256(Buffer.concat([Uint8Array.of(1), leaf, other]));
  const root = bytesToHex(size === 1 ? leaf : both);
  const message = { log, size, root };
  const context = { domain: domainOf(network), primitives };
  const signatures = ORGANISATIONS.slice(0, 3)
    .map((name) => signatory(`coordinator of ${name}`))
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
    .map((key) => sign(context, key, 'Checkpoint', message).signature);
  const consistency = size === 1 ? [] : [bytesToHex(other)];
  const data = encodeBatch(evidenceAbi, 'checkpoint', [[message, consistency, signatures]]);
  const secret = second.signingKey;
  const sender = openSender({ provider, chainId: CHAIN_ID, clock, primitives, secret });
  receipts.push(await sender.send({ to: network.contracts.evidence, data }));
  checkpoints.push({ log: 'care/hospital', size, root });
}

const isLie = (error: unknown): boolean =>
  isMedsealError(error, 'LEDGER_UNPROVEN') || isMedsealError(error, 'PEER_MALFORMED');

describe('medseal verify against a consortium’s ledger', { skip: engineMissing ?? false }, () => {
  before(async () => {
    folder = await temporaryFolder(suite);
    await mkdir(join(folder, 'home'));
    const addresses = senders.map(({ address }) => address);
    const [deployer] = addresses;
    assert.ok(deployer);
    const identities = ORGANISATIONS.map((organisation, place) => ({
      organisation,
      sender: addresses[place] ?? deployer,
      authority: signatory(`authority of ${organisation}`).address,
      coordinator: signatory(`coordinator of ${organisation}`).address,
      log: word(`log of ${organisation}`),
    }));
    const founding = {
      format: 3,
      networkId: word('network'),
      demo: false,
      chainId: CHAIN_ID,
      timestamp: 0,
      channel: 'care',
      threshold: 3,
      faulty: 0,
      thresholds: { writes: 3, views: 3 },
      longestRight: 1e8,
      organisations: ORGANISATIONS,
      urls: {},
    };
    // The addresses of the contracts follow from who creates them.
    const planned = networkFileOf(
      {
        ...founding,
        validators: Object.fromEntries(
          ORGANISATIONS.map((name, place) => [name, validatorAt(place, word(name))]),
        ),
      },
      identities,
      primitives,
      `medseal-${'0'.repeat(32)}`,
    );
    const { registry, validators: stakeContract } = planned.contracts;
    assert.ok(stakeContract);
    engines = await startEngines({ validators: 4, senders: addresses, registry, stakeContract });
    ends.push(async () => await engines.close());
    const validators = Object.fromEntries(
      engines.engines.map(({ key }, place) => [ORGANISATIONS[place], validatorAt(place, key)]),
    );
    network = networkFileOf(
      { ...founding, timestamp: engines.time, validators },
      identities,
      primitives,
      engines.chain,
    );
    await writeFile(join(folder, 'network.json'), JSON.stringify(network));
    endpoint = await startLyingLedger(engines.engines[0]?.url ?? '');
    ends.push(() => endpoint.close());
    ({ url } = endpoint);
    honest = await connectJsonRpc({ url, clock, ...network.ledger });
    const [first] = senders;
    assert.ok(first);
    const secret = first.signingKey;
    const sender = openSender({ provider: honest, chainId: CHAIN_ID, clock, primitives, secret });
    for (const { data } of creationsOf(network, deployer)) await sender.send({ data });
    // The second is sent by a reader that verifies its receipt.
    await checkpoint(1, honest);
    await checkpoint(2, await connect());
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it('finds the network’s ledger safe, and keeps a block that it verified', async () => {
    assert.deepEqual(await verifyNetwork(), { code: 0, faults: [], unchecked: [] });
    const kept = join(folder, 'home', `${engines.chain}.json`);
    const { height } = JSON.parse(await readFile(kept, 'utf8')) as { height: number };
    assert.ok(height > 1);
    endpoint.asked = [];
    assert.deepEqual(await verifyNetwork(), { code: 0, faults: [], unchecked: [] });
    assert.equal(
      endpoint.asked.includes('eth_call') || endpoint.asked.includes('eth_getLogs'),
      false,
    );
  });

  it('reads the same off an endpoint that it verifies as off one that it trusts', async () => {
    const ledger = await connect();
    const { id } = ownLogOf(network, 'hospital').log;
    const held = await readCheckpointed(ledger, network.contracts, id);
    assert.deepEqual(held, await readCheckpointed(honest, network.contracts, id));
    assert.deepEqual(
      held.map(({ size, root }) => [size, root]),
      checkpoints.map(({ size, root }) => [size, root]),
    );
    const latest = await readLatestCheckpoint(ledger, network.contracts, id);
    assert.deepEqual(latest, await readLatestCheckpoint(honest, network.contracts, id));
    for (const [place, each] of checkpoints.entries()) {
      const { transaction, block } = receipts[place] ?? assert.fail();
      await confirmPlace(await connect(), network, each, { transaction, block });
      const elsewhere = confirmPlace(ledger, network, each, { transaction, block: block + 1 });
      await assert.rejects(elsewhere, { code: 'EVIDENCE_INVALID' });
      const other = { ...each, root: word('other') };
      const forged = confirmPlace(ledger, network, other, { transaction, block });
      await assert.rejects(forged, { code: 'EVIDENCE_INVALID' });
    }
    const to = Number(await ledger.request({ method: 'eth_blockNumber' }));
    const range = { from: Math.max(2, to - 80), to };
    const blocks = await readBlocks(ledger, network.contracts, range);
    assert.equal(blocks.length, range.to - range.from);
    assert.deepEqual(blocks, await readBlocks(honest, network.contracts, range));
    const views = await Promise.all(
      [ledger, honest].map(async (provider) => {
        const index = new LedgerIndex({ provider, network, clock });
        await index.refresh();
        return index.checkpoint(id);
      }),
    );
    assert.ok(views[0]);
    assert.deepEqual(views[0], views[1]);
  });

  for (const [what, told] of [
    ['alters a word of the storage', changes('abci_query', /"data":"(.{200})../, '"data":"$1zz')],
    ['forges a commit', changes('commit', /"signature":"..../, '"signature":"AAAA')],
    [
      'gives fewer votes than two thirds',
      changes('commit', /"block_id_flag":2/g, '"block_id_flag":1'),
    ],
    [
      'names other validators',
      changes('validators', /"voting_power":"10"/, '"voting_power":"100"'),
    ],
    [
      'gives blocks of another chain',
      changes('commit', /"chain_id":"medseal-./, '"chain_id":"medseal-x'),
    ],
    ['names another chain', changes('medseal_chain', /medseal-./, 'medseal-x')],
    ['gives a block of the future', changes('commit', /"time":"2/, '"time":"3')],
    [
      'gives answers that are too large',
      (answer, method) => (method === 'commit' ? answer + ' '.repeat(33 * 2 ** 20) : undefined),
    ],
    ['answers something else', changes('validators', /^.*$/s, '[]')],
  ] satisfies readonly (readonly [string, Lie])[]) {
    it(`says that it is not safe if the endpoint ${what}`, async () => {
      const { code, faults } = await endpoint.lying(told, verifyNetwork);
      assert.equal(code, 1);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(
        faults[0] ?? '',
        /^ledger: (?:The ledger’s endpoint does not prove|The peer sent a malformed|The ledger belongs to another)/,
      );
    });
  }

  it('says that it was not checked if the endpoint hangs', async () => {
    const { code, faults, unchecked } = await endpoint.lying(silentAt('commit'), verifyNetwork);
    assert.deepEqual([code, faults], [3, []]);
    assert.match(unchecked.join(), /^ledger: The ledger cannot be reached/);
  });

  it('says that it was not checked if the endpoint shows an older head than the one that was kept', async () => {
    const early = await honest.request({
      method: 'medseal_consensus',
      params: ['commit', { height: '2' }],
    });
    const told: Lie = (_, method, params) => {
      const isHead = method === 'commit' && (params[1] as { height?: string }).height === undefined;
      return isHead ? JSON.stringify({ jsonrpc: '2.0', id: 1, result: early }) : undefined;
    };
    const { code, faults, unchecked } = await endpoint.lying(told, verifyNetwork);
    assert.deepEqual([code, faults], [3, []]);
    assert.match(unchecked.join(), /^ledger: The ledger’s newest block is \d+ s old/);
  });

  it('catches an endpoint that alters or drops a log, hides a block’s transactions, or points elsewhere', async () => {
    const { id } = ownLogOf(network, 'hospital').log;
    const read = async (): Promise<unknown> =>
      await readCheckpointed(await connect(), network.contracts, id);
    for (const told of [
      changes('block_results', /"data":"(.{120})../, '"data":"$1zz'),
      changes('block_results', /"txs_results":\[.+\]/, '"txs_results":[]'),
      changes('block_results', /"code":0/, '"code":1'),
      changes('block', /"txs":\[".*?"\]/, '"txs":[]'),
      changes('blockchain', /"data_hash":"(?!E3B0)\w{8}/, '"data_hash":"E3B0C442'),
      changes('blockchain', /"block_metas":\[.*\]/s, '"block_metas":[]'),
      changes('blockchain', /"last_results_hash":"\w{4}/, '"last_results_hash":"ABCD'),
    ]) {
      await assert.rejects(endpoint.lying(told, read), isLie);
    }
    const latest = async (): Promise<unknown> =>
      await readLatestCheckpoint(await connect(), network.contracts, id);
    const word = changes('abci_query', /"data":"(.{200})../, '"data":"$1zz');
    await assert.rejects(endpoint.lying(word, latest), isLie);
    // It answers calls and logs itself no more: nobody asks it.
    endpoint.asked = [];
    await read();
    await latest();
    assert.equal(
      endpoint.asked.some((method) => method === 'eth_call' || method === 'eth_getLogs'),
      false,
    );
  });

  for (const days of [22, 365]) {
    // @attack k coordinators who lie name a block of their own to a device whose trust is too old, and the endpoint does not | the endpoint's block has another hash
    it(`goes on from the block that k coordinators sign, on a device that is new or comes back ${days} days later`, async () => {
      const kept = join(folder, 'home', `${engines.chain}.json`);
      const fresh = await readFile(kept, 'utf8');
      const old = { ...network.ledger, timestamp: engines.time - days * 86_400 };
      const file = join(folder, 'network.json');
      const before = await readFile(file, 'utf8');
      await writeFile(file, JSON.stringify({ ...network, ledger: old }));
      try {
        // A new device; then one that verified a block so long ago.
        const { time, ...block } = JSON.parse(fresh) as { time: number };
        for (const trust of [undefined, { ...block, time: time - days * 86_400 }]) {
          await rm(kept);
          if (trust !== undefined) await writeFile(kept, JSON.stringify(trust));
          const alone = await verifyNetwork();
          assert.deepEqual([alone.code, alone.faults], [3, []]);
          assert.match(alone.unchecked.join(), /^ledger: The newest trusted block .* 21 days old/);
          const few = await among(['insurer', 'pharmacy']);
          assert.deepEqual([few.code, few.faults], [3, []]);
          assert.match(few.unchecked.join(), /^ledger: Only 2 of 3 coordinators agreed/);
          const lied = await among(ORGANISATIONS, (said) => ({ ...said, hash: word('made up') }));
          assert.equal(lied.code, 1);
          assert.match(
            lied.faults.join(),
            /^ledger: .*it is not the one that the coordinators signed/,
          );
          const right = { code: 0, faults: [], unchecked: [] };
          assert.deepEqual(await among(ORGANISATIONS.slice(1)), right);
          // It needs no node again for three weeks.
          assert.deepEqual(await verifyNetwork(), right);
        }
      } finally {
        await writeFile(file, before);
        await writeFile(kept, fresh);
      }
    });
  }

  it('keeps and shows that a coordinator signed another block than k others, and goes on', async () => {
    const kept = join(folder, 'home', `${engines.chain}.json`);
    const fresh = await readFile(kept, 'utf8');
    await writeFile(kept, JSON.stringify({ ...(JSON.parse(fresh) as object), time: 1 }));
    const made = word('made up');
    const { code, faults } = await among(ORGANISATIONS, (said, organisation) =>
      organisation === 'pharmacy' ? { ...said, hash: made } : said,
    );
    assert.equal(code, 1);
    assert.equal(faults.length, 1);
    assert.match(
      faults[0] ?? '',
      new RegExp(
        `^block \\d+ of the ledger: .* of insurer .* of pharmacy \\(0x\\w+\\) signed ${made}$`,
      ),
    );
    // It is shown until somebody looked at it.
    assert.deepEqual((await verifyNetwork()).faults, faults);
    const names = await readdir(join(folder, 'home'));
    const [name = assert.fail()] = names.filter((each) => each.startsWith('conflict-'));
    await rm(join(folder, 'home', name));
    assert.deepEqual((await verifyNetwork()).faults, []);
  });

  it('gives up on an endpoint that hangs, at whatever it is asked', async () => {
    const { id } = ownLogOf(network, 'hospital').log;
    const ledger = await connect({ timeout: 500 });
    for (const silent of ['commit', 'validators', 'block', 'block_results']) {
      const reader = await connect({ timeout: 500 });
      const read = endpoint.lying(silentAt(silent), async () => {
        return await readCheckpointed(reader, network.contracts, id);
      });
      await assert.rejects(read, { code: 'LEDGER_UNREACHABLE' }, silent);
    }
    // Few blocks at once are read without their headers' pages.
    const slow = await connect({ timeout: 500 });
    const paged = endpoint.lying(silentAt('blockchain'), async () => {
      return await readCheckpointed(slow, network.contracts, id);
    });
    assert.deepEqual(await paged, await readCheckpointed(ledger, network.contracts, id));
    const read = endpoint.lying(silentAt('abci_query'), async () => {
      return await readLatestCheckpoint(ledger, network.contracts, id);
    });
    await assert.rejects(read, { code: 'LEDGER_UNREACHABLE' });
  });
});
