import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { readRecord } from '../../client/records/readRecord.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readHistory } from '../../client/records/readHistory.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { falseShares } from '../../node/test/falseShares.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { EvidenceSet } from '../../client/audit/EvidenceSet.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../protocol/evidence/parseEvidenceFile.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { runMedseal } from '../test/runMedseal.ts';
import { makeWritableFolder } from '../program/makeWritableFolder.ts';
import { keepingReleases, saveReleases } from './saveReleases.ts';

let network: TestNetwork;
let care: Care;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-cli-'));
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: utf8ToBytes('a guarded note') });
  await writeFile(join(folder, 'network.json'), JSON.stringify(network.file));
});
after(async () => {
  await network.close();
  await rm(folder, { recursive: true });
});
afterEach(() => network.liars.coordinator.clear());

/** Reads the record, and saves who released its key as `record get --releases` does. */
async function saved(
  name: string,
): Promise<{ files: readonly string[]; notes: readonly string[] }> {
  const { doctor, handle, right } = care;
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const [record] = chart.records;
  assert.ok(record);
  const notes: string[] = [];
  const terminal = { note: (text: string) => void notes.push(text) };
  const to = join(folder, name);
  await makeWritableFolder(to);
  const files = await keepingReleases(terminal, to, async () => {
    return await saveReleases(terminal, to, [await readRecord(doctor, chart, record)]);
  });
  return { files, notes };
}

async function verify(...files: readonly string[]): Promise<{ code: number | null; text: string }> {
  const args = ['verify', '--offline', '--network', join(folder, 'network.json')];
  const { code, stdout, stderr } = await runMedseal(...args, ...files);
  assert.equal(stderr, '');
  return { code, text: stdout };
}

describe('a saved proof of a release', () => {
  it('tells offline who released, and with a history that the log has the view', async () => {
    const { files, notes } = await saved('sound');
    assert.deepEqual(notes, []);
    const alone = await verify(...files);
    assert.equal(alone.code, 0);
    assert.match(
      alone.text,
      /^Safe .*\n +promised for care\/hospital; only a receipt .*; its key was released to the recipient that the view names by (hospital|laboratory|insurer) at .*, (hospital|laboratory|insurer) at /m,
    );
    await network.checkpoint();
    const checkpoint = await network.agent().checkpoint('care/hospital');
    const history = join(folder, 'history.json');
    await writeFile(history, formatEvidenceFile(await readHistory(care.doctor, checkpoint)));
    const both = await verify(...files, history);
    assert.equal(both.code, 0);
    assert.match(both.text, /care\/hospital #\d+ of \d+: .*; its key was released/);
  });

  // @attack a coordinator releases a false share and denies it | its statement convicts it offline
  it('convicts offline whoever released a false share', async () => {
    falseShares(network, 'hospital');
    const { files, notes } = await saved('false');
    assert.match(notes.join(), /^A released share was false\. Proof of misbehaviour is saved in: /);
    const { code, text } = await verify(...files);
    assert.equal(code, 1);
    assert.match(
      text,
      /^Not safe .*\n +hospital released a false share, at .*\. That convicts hospital \(0x[0-9a-f]{40}\)\. The view: /m,
    );
  });

  it('is saved as well if the record does not open, for too few released true shares', async () => {
    falseShares(network, 'hospital');
    const { coordinator } = network.services('insurer');
    const silent = new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' });
    const release = async (): Promise<never> => await Promise.reject(silent);
    network.liars.coordinator.set('insurer', { ...coordinator, release });
    await assert.rejects(saved('unopened'), failsWith('RELEASE_FALSE'));
    const [file = ''] = await readdir(join(folder, 'unopened'));
    const { code, text } = await verify(join(folder, 'unopened', file));
    assert.equal(code, 1);
    assert.match(text, /That convicts hospital \(/);
  });

  // @attack a coordinator releases for a revoked party | the ledger convicts it
  it('convicts by the ledger whoever released after it had ended the right', async () => {
    const { files } = await saved('ended');
    const parsed = parseEvidenceFile(await readFile(files[0] ?? ''));
    assert.ok(parsed.kind === 'release');
    const { patient, right, doctor } = care;
    await revokeRight(patient, right.digest);
    const { primitives } = network.ports;
    const { domain } = doctor;
    const set = async (late: number): Promise<unknown> => {
      const [first, ...others] = parsed.release.statements;
      assert.ok(first);
      const seat = network.file.channels[0]?.coordinators.find(
        ({ address }) => address === first.coordinator,
      );
      const key = network.keys.get(seat?.organisation ?? '')?.coordinator;
      assert.ok(key);
      const release = { ...first.release, at: first.release.at + late };
      const { signature } = sign(doctor, key, 'ShareRelease', release);
      const proof = {
        ...parsed.release,
        statements: [{ ...first, release, signature }, ...others],
      };
      const verifier = { network: network.file, domain, primitives };
      const evidence = new EvidenceSet(verifier, { ledger: network.ledger });
      const found = await evidence.add('it', utf8ToBytes(formatEvidenceFile(proof)));
      assert.ok(found.kind === 'release');
      return found.releases[0]?.fault;
    };
    assert.equal(await set(0), undefined);
    assert.equal(await set(120), 'ended');
  });
});
