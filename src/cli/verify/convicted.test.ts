import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readHistory } from '../../client/records/readHistory.ts';
import { forgedLog } from '../../client/test/forgedLog.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import {
  acknowledgedBy,
  promisedAndDropped,
  submissionOf,
  viewOf,
} from '../../node/test/requests.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement, History, Receipt } from '../../protocol/evidence/evidence.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { verifyHistory } from '../../protocol/evidence/verifyHistory.ts';
import { runMedseal } from '../test/runMedseal.ts';
import type { Finding } from './Finding.ts';

const LOG = 'care/hospital';

/** Files that a party kept of a log whose keepers dropped one entry, and show two histories. */
describe('medseal verify of files that convict somebody, offline', () => {
  let folder: string;
  let network: TestNetwork;
  let care: Care;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-cli-'));
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
    await keep('network.json', JSON.stringify(network.file));
    const early = await view();
    await keep('promised.json', formatEvidenceFile(await promisedAndDropped(network, care, 1)));
    await keep('early.json', formatEvidenceFile(early));
    network.clock.advance(80_000);
    const late = await view();
    await keep('late.json', formatEvidenceFile(late));
    await network.checkpoint();
    await keep('receipt.json', formatEvidenceFile(await receiptOf(late)));
    const history = await readHistory(care.doctor, await network.agent().checkpoint(LOG));
    await keep('history.json', formatEvidenceFile(history));
    await keep('forged.json', formatEvidenceFile(await forged(history)));
  });
  after(async () => {
    await network.close();
    await rm(folder, { recursive: true });
  });

  async function keep(name: string, text: string): Promise<void> {
    await writeFile(join(folder, name), text);
  }

  async function view(): Promise<Acknowledgement> {
    const deadline = Math.floor(network.clock.now() / 1000) + 300;
    const submission = submissionOf(care, 'View', viewOf(care, { deadline }));
    return await acknowledgedBy(care.doctor, submission);
  }

  async function receiptOf(acknowledgement: Acknowledgement): Promise<Receipt> {
    const { log, index } = acknowledgement;
    const proof = await network.agent().receipt({ log, index });
    assert.ok(!isPending(proof));
    return { format: 'medseal-receipt/1', acknowledgement, ...proof };
  }

  /** The log with its first entry rewritten and one more, signed by everyone who can. */
  async function forged({ entries }: History): Promise<History> {
    const bytes = hexToBytes(entries);
    const others = [new Uint8Array(32), bytes.slice(32, 64), new Uint8Array(32).fill(1)];
    const source = forgedLog(network, LOG, others);
    const { log: _, ...rest } = await source.checkpoint(LOG);
    const { size, root, note, signatures } = rest;
    const checkpoint = { log: LOG, size, root, note, signatures };
    const joined = others.map((each) => bytesToHex(each).slice(2)).join('');
    const history = { format: 'medseal-history/1', checkpoint, entries: `0x${joined}` } as const;
    verifyHistory(care.doctor, network.file, history, { strict: true });
    return history;
  }

  async function verify(...names: readonly string[]): Promise<{
    code: number | null;
    text: string;
    bad: readonly Finding[];
    unchecked: readonly string[];
  }> {
    const args = ['verify', '--offline', '--network', join(folder, 'network.json')];
    const files = names.map((name) => join(folder, name));
    const { code, stdout, stderr } = await runMedseal(...args, '--json', ...files);
    assert.equal(stderr, '');
    const { findings, unchecked } = JSON.parse(stdout) as {
      findings: readonly Finding[];
      unchecked: readonly string[];
    };
    const text = (await runMedseal(...args, ...files)).stdout;
    return { code, text, bad: findings.filter(({ safe }) => !safe), unchecked };
  }

  it('names those who promised an entry that the log does not have, once that was due', async () => {
    const { code, bad, text } = await verify('promised.json', 'late.json', 'history.json');
    assert.deepEqual([code, bad.length], [1, 1]);
    const [{ what, detail, convicts } = {} as Finding] = bad;
    assert.equal(what, join(folder, 'promised.json'));
    assert.match(
      detail,
      /^promised for care\/hospital by .*, but missing among the 2 entries that /,
    );
    assert.match(detail, /That convicts hospital, whose log it is, and the coordinators that prom/);
    assert.equal(convicts?.organisation, 'hospital');
    assert.deepEqual(
      convicts.signers.map(({ organisation }) => organisation),
      ORGANISATIONS,
    );
    for (const { address } of convicts.signers) assert.ok(text.includes(address));
    const byReceipt = await verify('promised.json', 'receipt.json', 'history.json');
    assert.deepEqual(byReceipt.bad, bad, 'a receipt tells the time as well');
  });

  it('accuses nobody if nothing tells that it was due, or there is nothing to hold it against', async () => {
    const open = await verify('promised.json', 'early.json', 'history.json');
    assert.deepEqual([open.code, open.bad], [0, []]);
    assert.match(open.text, /not there yet by .*history\.json, and not proven overdue/);
    const alone = await verify('promised.json', 'late.json');
    assert.deepEqual([alone.code, alone.bad], [0, []]);
    assert.match(alone.unchecked.join('\n'), /that the promise of .*promised\.json was kept/);
  });

  it('says of a promise that was kept where its entry stands', async () => {
    const { code, text } = await verify('late.json', 'history.json');
    assert.equal(code, 0);
    assert.match(text, /^Safe {6}.*late\.json\n {12}care\/hospital #1 of 2: /m);
  });

  it('names those who signed two histories of two sizes', async () => {
    const { code, bad } = await verify('history.json', 'forged.json');
    assert.deepEqual([code, bad.length], [1, 1]);
    const [{ what, detail, convicts } = {} as Finding] = bad;
    assert.equal(what, 'care/hospital of 2 and of 3 entries');
    assert.match(
      detail,
      /^two different histories are signed: of the first 2 entries two roots\. That conv/,
    );
    assert.equal(convicts?.organisation, 'hospital');
    assert.equal(convicts.signers.length, 3);
    const byReceipt = await verify('receipt.json', 'forged.json');
    assert.deepEqual(byReceipt.bad.length, 1);
  });
});
