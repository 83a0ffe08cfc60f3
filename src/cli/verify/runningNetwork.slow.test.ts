import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { AuditEvent, Bundle, Provenance } from '@medplum/fhirtypes';
import type { SavedChain } from '../../protocol/evidence/evidence.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { openDev } from '../openDev.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';
import type { Finding } from './Finding.ts';

import { readFindings } from '../test/readFindings.ts';

/** The pattern that an AuditEvent has the form of, or the type of another resource. */
function kindOf(resource: AuditEvent | Provenance | undefined): string {
  const [profile] = resource?.meta?.profile ?? [];
  return profile?.split('.').at(-1) ?? resource?.resourceType ?? '';
}

/** A chain that was kept, verified by somebody who has it and the network file, and nothing else. */
async function verifiedOffline(
  folder: string,
  kept: string,
  told: readonly Finding[],
): Promise<void> {
  assert.equal((await stat(kept)).mode & 0o777, 0o600);
  const pinned = ['--offline', '--network', join(folder, 'network.json')];
  const run = await runMedseal('verify', 'chain', kept, ...pinned, '--json');
  assert.deepEqual([run.code, readFindings(run).findings], [0, told], run.stderr);
  const text = (await runMedseal('verify', 'chain', kept, ...pinned)).stdout;
  assert.match(
    text,
    /^Safe {6}block 1\n {12}15 entries, \d+ bytes, each signed by its author, judged by k coord.*\n {12}timestamp 20.*\n {12}hash 0x.*\n {12}previous hash 0x.*\n {12}Merkle root 0x.*\n {12}Safe: care\/hospital #0: 0x/m,
  );
  const among = await runMedseal('verify', kept, ...pinned, '--json');
  assert.deepEqual(
    readFindings(among).findings.map(({ what }) => what),
    told.map(({ what }) => `${kept} ${what}`),
  );
  assert.match(readFindings(among).unchecked.join('\n'), /that the ledger holds the checkpoints/);
  const chain = JSON.parse(await readFile(kept, 'utf8')) as SavedChain;
  const [part] = chain.parts;
  const [first, second] = part?.entries ?? [];
  assert.ok(part && first && second?.body);
  const entries = part.entries.with(0, { ...first, body: second.body });
  await writeFile(kept, formatEvidenceFile({ ...chain, parts: [{ ...part, entries }] }));
  const swapped = await runMedseal('verify', 'chain', kept, ...pinned);
  assert.equal(swapped.code, 1);
  assert.match(swapped.stdout, /^Not safe {2}block 1\n {12}care\/hospital #0: .*entry/m);
  for (const wrong of [
    ['--offline'],
    [kept, '--offline', '--rpc', 'http://127.0.0.1:1'],
    [join(folder, 'absent.json'), ...pinned],
  ]) {
    assert.equal((await runMedseal('verify', 'chain', ...wrong)).code, 2, wrong.join(' '));
  }
  const other = await runMedseal('verify', 'chain', join(folder, 'network.json'), ...pinned);
  assert.deepEqual([other.code, /Not safe/.test(other.stdout)], [1, true]);
}

describe('evidence of a running network', () => {
  it('is verified over HTTP and with the ledger, told in plain words, and shown', async (t) => {
    const folder = join(await temporaryFolder(t), 'dev');
    const dev = await openDev({ data: folder, demo: true, port: 0, rpcPort: 0 });
    t.after(async () => await dev.close());
    const { ready } = dev;
    const nodes = ['--url', ready.url];
    const network = ['--network', join(folder, 'network.json')];
    const rpc = ['--rpc', ready.rpcUrl];
    const keystore = ['--home', folder, '--as', 'patient'];
    const played = await runMedseal('scenario', ...nodes, '--home', folder, '--json');
    assert.equal(played.code, 0, played.stdout);

    const logs = await runMedseal('verify', 'log', ...nodes, ...network, ...rpc, '--json');
    assert.equal(logs.code, 0, logs.stdout + logs.stderr);
    assert.deepEqual(
      readFindings(logs).findings.map(({ what }) => what),
      ['care/hospital', 'care/laboratory', 'care/insurer'],
    );

    const kept = join(folder, 'chain.json');
    const chain = await runMedseal(
      'verify',
      'chain',
      ...nodes,
      ...keystore,
      ...rpc,
      '--keep',
      kept,
      '--json',
    );
    const { ok, findings, unchecked } = readFindings(chain);
    assert.deepEqual([chain.code, ok], [0, true], chain.stderr);
    assert.equal(findings.at(-1)?.what, 'care/hospital');
    assert.ok(findings.slice(0, -1).every(({ what }, at) => what === `block ${at + 1}`));
    const places = findings.flatMap(({ entries = [] }) => entries.map(({ what }) => what));
    const indexes = places.map((place) => Number(/^care\/hospital #(\d+)$/.exec(place)?.[1]));
    assert.deepEqual(
      indexes,
      indexes.toSorted((a, b) => a - b),
    );
    // A doctor's view of its own chain concerns no patient; all other entries are the patient's.
    assert.equal((indexes.at(-1) ?? 0) + 1, new Set(indexes).size + 1);
    assert.ok(findings.every(({ entries = [] }) => entries.length <= 15));
    for (const verb of [
      ['verify', kept],
      ['verify', 'chain', kept],
    ]) {
      const asked = await runMedseal(...verb, ...network, ...rpc, '--json');
      assert.equal(asked.code, 0, asked.stdout + asked.stderr);
      assert.equal(readFindings(asked).findings.length, findings.length);
      assert.doesNotMatch(readFindings(asked).unchecked.join('\n'), /the ledger holds/);
    }
    await verifiedOffline(folder, kept, findings);
    assert.match(unchecked.join('\n'), /entries after the first \d+ of the log/);

    const file = await runMedseal(
      'verify',
      'network',
      join(folder, 'network.json'),
      ...nodes,
      ...rpc,
      '--json',
    );
    assert.equal(file.code, 0, file.stdout);
    const told = ['--fingerprint', readFindings(file).network];
    assert.equal(
      (await runMedseal('verify', 'network', join(folder, 'network.json'), ...told)).code,
      0,
    );
    const other = ['--fingerprint', `0x${'00'.repeat(32)}`];
    assert.equal(
      (await runMedseal('verify', 'network', join(folder, 'network.json'), ...other)).code,
      1,
    );

    const asFhir = join(folder, 'audit.json');
    const audit = await runMedseal('audit', ...nodes, ...keystore, ...rpc, '--fhir', asFhir);
    assert.equal(audit.code, 0, audit.stderr);
    const { entry } = JSON.parse(await readFile(asFhir, 'utf8')) as Bundle<AuditEvent | Provenance>;
    const kinds = new Set(entry?.map(({ resource }) => kindOf(resource)));
    const BALP = ['Create', 'Read', 'Update', 'Delete', 'Query'].map((kind) => `Patient${kind}`);
    assert.deepEqual([...kinds].toSorted(), [...BALP, 'AuthZconsent', 'Provenance'].toSorted());
    for (const line of [
      /doctor-2 \(a doctor of hospital\) was refused to see the chart: the list of records, for treatment \(RIGHT_MISSING\)/,
      /doctor \(a doctor of hospital\) added record 0x[0-9a-f]{8}… \(laboratory\), version 1/,
      /doctor-2 \(a doctor of hospital\) opened record/,
      /doctor-2 \(a doctor of hospital\) amended record .* version 2/,
      /You saw all events of the chart, for the patient’s own request/,
      /block \d+ +epoch 2 of your keys began/,
      /care\/hospital: \d+ of its first \d+ entries concern you, and no others/,
      /Not checked:\n/,
    ]) {
      assert.match(audit.stdout, line);
    }
    const doctor = await runMedseal('audit', ...nodes, '--home', folder, '--as', 'doctor');
    assert.equal(doctor.code, 1);
    assert.match(doctor.stderr, /NOT_FOUND/);
    const own = ['--home', folder, '--as', 'doctor'];
    const signed = await runMedseal('chain', ...nodes, ...own);
    assert.equal(signed.code, 0, signed.stderr);
    assert.match(
      signed.stdout,
      /^Genesis {2}0x0{24}[0-9a-f]{40}, the party\n {6}1 {2}.* {2}Safe\n/,
    );
    assert.match(signed.stdout, /doctor saw the chain of what it signed itself/);
    assert.doesNotMatch(signed.stdout, /^ {21}.*(doctor-2|patient) (saw|added|opened|was)/m);
    const keptOwn = join(folder, 'doctor-chain.json');
    const safe = await runMedseal('verify', 'chain', ...nodes, ...own, '--keep', keptOwn, '--json');
    assert.equal(safe.code, 0, safe.stdout + safe.stderr);
    const again = await runMedseal('verify', 'chain', keptOwn, '--offline', ...network, '--json');
    assert.deepEqual([again.code, readFindings(again).findings], [0, readFindings(safe).findings]);
    const nobody = await runMedseal('audit', ...nodes, '--home', folder, '--as', 'nobody');
    assert.equal(nobody.code, 2);

    const shown = await runMedseal('log', ...nodes, ...network);
    assert.match(
      shown.stdout,
      /^care\/hospital +\d+ entries, root 0x[0-9a-f]{64}, signed by 3 coordinators/,
    );
    const batches = await runMedseal(
      'log',
      ...nodes,
      ...network,
      '--log',
      'care/hospital',
      '--batches',
      '--json',
    );
    const { rows } = JSON.parse(batches.stdout) as {
      rows: { to: number; header: { hash: string; previousHash: string } }[];
    };
    const [first, second] = rows;
    assert.equal(first?.to, 15);
    assert.equal(second?.header.previousHash, first.header.hash);
    const entries = await runMedseal(
      'log',
      ...nodes,
      ...network,
      '--log',
      'care/hospital',
      '--entries',
    );
    assert.match(entries.stdout, /^care\/hospital #0 0x[0-9a-f]{64}\ncare\/hospital #1 /);
    const checkpoints = await runMedseal('log', ...nodes, ...network, '--checkpoints', '--json');
    assert.match(checkpoints.stdout, /"transaction":"0x[0-9a-f]{64}"/);
  });
});
