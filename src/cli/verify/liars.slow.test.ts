import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { forgedLog } from '../../client/test/forgedLog.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { ledgerApp } from '../../http/ledgerApp.ts';
import { listen, type Listening } from '../../http/listen.ts';
import { networkApp } from '../../http/networkApp.ts';
import { acknowledgedBy, submissionOf, viewOf, writeOf } from '../../node/test/requests.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type {
  Acknowledgement,
  EntryProof,
  Receipt,
  SignedCheckpoint,
} from '../../protocol/evidence/evidence.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { runMedseal } from '../test/runMedseal.ts';
import type { Finding, Findings } from './Finding.ts';

/** Each attack on evidence, as whoever types `medseal verify` meets it. */

const LOG = 'care/hospital';
let folder: string;
let network: TestNetwork;
let care: Care;
let nodes: Listening;
let ledger: Listening;
/** Answers of the hospital's node that are lies. */
let lies: Partial<AgentPort> = {};
let written: Acknowledgement;
let seen: Acknowledgement;
let sealed: Uint8Array;
/** The log as it was when it had one entry. */
let old: { readonly checkpoint: SignedCheckpoint; readonly proof: EntryProof };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-cli-'));
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  sealed = care.doctor.random(40);
  written = await acknowledgedBy(care.doctor, submissionOf(care, 'Write', await writeOf(care)));
  await network.checkpoint();
  old = { checkpoint: await network.agent().checkpoint(LOG), proof: await proofOf(0) };
  seen = await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
  await network.checkpoint();
  const agents = ORGANISATIONS.map((name) => [name, lying(name)] as const);
  nodes = await listen(networkApp(new Map(agents)), 0);
  ledger = await listen(ledgerApp(network.ledger), 0);
  await keep('network.json', JSON.stringify(network.file));
});
afterEach(() => {
  lies = {};
});
after(async () => {
  await nodes.close();
  await ledger.close();
  await network.close();
  await rm(folder, { recursive: true });
});

/** A node; the hospital's lies as it is told. */
function lying(name: string): AgentPort {
  return new Proxy(network.agent(name), {
    get: (target, member) =>
      (name === 'hospital' ? Reflect.get(lies, member) : undefined) ?? Reflect.get(target, member),
  });
}

async function proofOf(index: number): Promise<EntryProof> {
  const proof = await network.agent().receipt({ log: LOG, index });
  assert.ok(!isPending(proof));
  return proof;
}

async function receiptOf(acknowledgement: Acknowledgement): Promise<Receipt> {
  const proof = await proofOf(acknowledgement.index);
  return { format: 'medseal-receipt/1', acknowledgement, ...proof };
}

async function keep(name: string, text: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

/** Returns the findings of a verification that are not safe; its exit code must say so too. */
async function verify(...args: readonly string[]): Promise<readonly string[]> {
  const pinned = args.includes('network') ? [] : ['--network', join(folder, 'network.json')];
  const { code, stdout, stderr } = await runMedseal('verify', ...args, ...pinned, '--json');
  assert.equal(stderr, '');
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  const bad = findings.filter(({ safe }) => !safe);
  assert.equal(code, bad.length === 0 ? 0 : 1);
  return bad.map(({ what, detail }) => `${what}: ${detail}`);
}

async function verifyLog(...more: readonly string[]): Promise<string> {
  return (await verify('log', '--log', LOG, '--url', nodes.url, ...more)).join('\n');
}

/** The hospital's log with its first entry rewritten, signed by everyone who can sign. */
async function otherHistory(): Promise<Partial<AgentPort>> {
  const { size: width } = await network.agent().checkpoint(LOG);
  const bundle = await network.agent().tile({ log: LOG, level: 'entries', index: 0, width });
  const bytes = hexToBytes(bundle);
  const entries = Array.from({ length: width }, (_, at) => bytes.slice(34 * at + 2, 34 * at + 34));
  const { checkpoint, receipt, tile } = forgedLog(
    network,
    LOG,
    entries.with(0, new Uint8Array(32).fill(9)),
  );
  return { checkpoint, receipt, tile };
}

describe('medseal verify, of liars,', () => {
  it('finds honest nodes safe', async () => {
    assert.equal(await verifyLog('--rpc', ledger.url), '');
  });

  it('says of organisations whose nodes are elsewhere what names their places', async () => {
    const alone = await listen(networkApp(new Map([['hospital', network.agent()]])), 0);
    try {
      const pinned = ['--network', join(folder, 'network.json'), '--url', alone.url, '--json'];
      const one = await runMedseal('verify', 'log', '--log', LOG, ...pinned);
      assert.equal(one.code, 0, one.stderr);
      const { unchecked } = JSON.parse(one.stdout) as { unchecked: readonly string[] };
      assert.deepEqual(
        unchecked.slice(0, 2),
        ['laboratory', 'insurer'].map(
          (name) =>
            `the copy of ${name}: its node is not at this address; give its address with --url ${name}=<url>`,
        ),
      );
      const all = await runMedseal('verify', 'log', ...pinned);
      assert.equal(all.code, 3);
      const { findings, unchecked: left } = JSON.parse(all.stdout) as Findings;
      assert.deepEqual(
        findings.map(({ what, safe }) => [what, safe]),
        [['care/hospital', true]],
      );
      const unread = ['laboratory', 'insurer'].map(
        (name) =>
          `care/${name}: the node of ${name} is not at this address; give its address with --url ${name}=<url>`,
      );
      assert.deepEqual(
        unread.filter((what) => !left.includes(what)),
        [],
      );
    } finally {
      await alone.close();
    }
  });

  it('names a split view: other organisations’ copies have another history, though all coordinators signed it', async () => {
    lies = await otherHistory();
    const told = await verifyLog();
    assert.match(told, /^care\/hospital: /);
    assert.match(told, /insurer shows another history, of 2 entries: a split view/);
    assert.match(told, /laboratory shows another history/);
    assert.match(
      await verifyLog('--rpc', ledger.url),
      /the ledger holds another history, of 2 ent/,
    );
  });

  it('names a log that shrank, and an old checkpoint that is served as the newest', async () => {
    lies = {
      checkpoint: async () => await Promise.resolve(old.checkpoint),
      receipt: async ({ index }) =>
        index === 0
          ? await Promise.resolve(old.proof)
          : await network.agent().receipt({ log: LOG, index: 1_000_000 }),
    };
    assert.match(await verifyLog(), /insurer has 2 entries, the node serves 1/);
    assert.match(
      await verifyLog('--rpc', ledger.url),
      /the ledger holds 2 entries, the node serves 1/,
    );
  });

  it('names a leaf that was rewritten, and a tile that was altered', async () => {
    for (const level of ['entries', 0] as const) {
      lies = {
        tile: async (query) => {
          const bytes = hexToBytes(await network.agent().tile(query));
          if (query.level === level) bytes[40] = (bytes[40] ?? 0) ^ 1;
          return bytesToHex(bytes);
        },
      };
      assert.match(await verifyLog(), /hash/, String(level));
    }
  });

  it('names a receipt whose body was swapped for another’s, or that has too few verdicts', async () => {
    const [one, other] = [await receiptOf(written), await receiptOf(seen)];
    const { body } = other.acknowledgement;
    const swapped = { ...one, acknowledgement: { ...one.acknowledgement, body } };
    const path = await keep('swapped.json', formatEvidenceFile(swapped));
    assert.deepEqual(await verify(path, '--offline'), [
      `${path}: the entry is not the hash of its body`,
    ]);
    const verdicts = one.acknowledgement.verdicts.slice(0, 1);
    const few = { ...one, acknowledgement: { ...one.acknowledgement, verdicts } };
    const alone = await keep('few.json', formatEvidenceFile(few));
    assert.match(
      (await verify(alone, '--offline')).join(),
      /too few coordinators judged the entry/,
    );
  });

  it('names a ciphertext that was swapped', async () => {
    const path = await keep('receipt.json', formatEvidenceFile(await receiptOf(written)));
    const other = await keep('other.age', sealed);
    const told = await verify(path, '--record', other, '--offline');
    assert.deepEqual(told, [`${path}: the sealed file has another hash`]);
  });

  it('names a network file that was replaced', async () => {
    const replaced: NetworkFile = {
      ...network.file,
      channels: network.file.channels.map((channel) => ({
        ...channel,
        coordinators: channel.coordinators.map((each) => ({
          ...each,
          address: signatory(`coordinator that ${each.organisation} never had`).address,
        })),
      })),
    };
    const file = await keep('replaced.json', JSON.stringify(replaced));
    const told = await verify('network', file, '--url', nodes.url, '--rpc', ledger.url);
    assert.deepEqual(
      told.map((line) => line.split(':')[0]),
      [...ORGANISATIONS.map((name) => `node of ${name}`), 'coordinators'],
    );
    const path = await keep('receipt.json', formatEvidenceFile(await receiptOf(written)));
    const run = await runMedseal('verify', path, '--offline', '--network', file, '--json');
    assert.equal(run.code, 1);
  });
});
