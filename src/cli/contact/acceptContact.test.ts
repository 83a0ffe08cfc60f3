import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { openSender } from '../../ledger/openSender.ts';
import { listen, type Listening } from '../../http/listen.ts';
import { networkApp } from '../../http/networkApp.ts';
import { writeKey } from '../../device/keystore.ts';
import { addressOfSeed } from '../../crypto/keys/addressOfSeed.ts';
import { openKeystoreParty } from '../../device/openKeystoreParty.ts';
import { openNetwork, type RunningNetwork } from '../../node/openNetwork.ts';
import { openOrganisationKeys } from '../../folder/organisationKeys.ts';
import { changeRecipient } from '../../node/test/changeRecipient.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { refused } from '../test/refused.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

let folder: string;
let network: RunningNetwork;
let nodes: Listening;
const ends: (() => unknown)[] = [];

before(async () => {
  folder = await temporaryFolder({ after: (end) => void ends.push(end) });
  network = await openNetwork({ folder: join(folder, 'network'), demo: true });
  ends.push(async () => await network.close());
  nodes = await listen(networkApp(network.agents), 0);
  ends.push(async () => await nodes.close());
  for (const [name, role] of [
    ['anna', 'patient'],
    ['house', 'doctor'],
  ] as const) {
    await person(name).ok('join', nodes.url, '--network', join(folder, 'network/network.json'));
    const seed = network.ports.random(32);
    const address = addressOfSeed(network.ports.primitives, seed);
    const key = { format: 'medseal-key/1', demo: true, name, address } as const;
    await writeKey(keystore(name), { ...key, seed: bytesToHex(seed) });
    await person(name).ok('party', 'apply', '--role', role, '--at', 'hospital', '--yes');
  }
});
after(async () => {
  for (const each of ends.toReversed()) await each();
});

function keystore(name: string): string {
  return join(folder, name, 'parties');
}

/** Someone who types commands at a device. */
function person(name: string): {
  run(...args: readonly string[]): Promise<Run>;
  ok(...args: readonly string[]): Promise<string>;
} {
  const run = async (...args: readonly string[]): Promise<Run> => {
    const streams = captureStreams();
    const code = await runProgram([...args, '--home', join(folder, name)], streams);
    return { code, stdout: streams.out().toString(), stderr: streams.err() };
  };
  return {
    run,
    async ok(...args) {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, `medseal ${args.join(' ')}: ${stderr}${stdout}`);
      return stdout;
    },
  };
}

async function partyOf(name: string): Promise<Party> {
  const { file } = network;
  return await openKeystoreParty({ network: file, url: nodes.url, keystore: keystore(name), name });
}

/** The doctor at a new device: the ledger has another recipient of the party, and nodes offer it. */
async function withNewKeys(party: Party): Promise<Party> {
  const { file, ledger, ports } = network;
  const { clock, primitives } = ports;
  const keys = await openOrganisationKeys(await openFolder(join(folder, 'network/node/hospital')), {
    ...ports,
  });
  const { chainId } = file.ledger;
  const secret = keys.sender.signingKey;
  const sender = openSender({ provider: ledger, chainId, secret, primitives, clock });
  const changing = {
    file,
    ports,
    senders: new Map([['hospital', sender]]),
    authorityKeys: [],
    clock: { now: () => clock.now(), advance: () => assert.fail('nothing waits') },
  };
  const other = await changeRecipient(changing, party);
  await other.agent.keepCard({ party: other.address, recipient: other.recipient });
  return other;
}

/** Reads the one record on the patient's chart as the doctor. */
async function readBy(party: Party): Promise<string> {
  const { handle, grants } = await readPatientState(await partyOf('anna'));
  const [{ grant } = assert.fail()] = grants;
  const chart = await readChart(party, { handle, grant, purpose: 'TREAT' });
  const [record = assert.fail()] = chart.records;
  return bytesToUtf8((await readRecord(party, chart, record)).content);
}

describe('the keys of a grantee that really changed', () => {
  it('are told, accepted by the fingerprint that was compared, and open what the grantee may read', async () => {
    const [anna, house] = [person('anna'), person('house')];
    const card = join(folder, 'house.card.json');
    await house.ok('party', 'card', '--out', card);
    await anna.ok('contact', 'add', 'house', card);
    const note = join(folder, 'note.txt');
    await writeFile(note, 'all is well');
    const terms = ['--category', 'vitals', '--action', 'read', '--until', '2h', '--yes'];
    await anna.ok('grant', 'house', ...terms);
    await anna.ok('record', 'add', note, '--raw', '--category', 'vitals', '--yes');
    const before = await partyOf('house');
    assert.equal(await readBy(before), 'all is well');
    assert.match(await anna.ok('contact', 'changed'), /^The keys of everyone who may read/);

    const other = await withNewKeys(before);
    const fingerprint = recipientHash(other.primitives, other.recipient);
    const told = await anna.ok('contact', 'changed');
    const [was, is] = [before, other].map((each) => recipientHash(each.primitives, each.recipient));
    assert.match(told, /^The keys of house \(0x[0-9a-f]{40}\) have changed:/);
    assert.ok(told.includes(`before  ${was}`) && told.includes(`now     ${is}`), told);
    assert.match(told, /1 right that you gave waits until you accept them/);
    await assert.rejects(readBy(other), failsWith('SEAL_UNREADABLE'));

    const accept = ['contact', 'accept', 'House'];
    refused(await anna.run(...accept, '--yes'), 'ARGUMENT_INVALID', 2);
    refused(await anna.run(...accept, '--fingerprint', was ?? '', '--yes'), 'ARGUMENT_INVALID', 2);
    refused(await anna.run(...accept, '--fingerprint', fingerprint), 'NOT_CONFIRMED');
    await assert.rejects(readBy(other), failsWith('SEAL_UNREADABLE'), 'nothing was sealed yet');

    const done = await anna.run(...accept, '--fingerprint', fingerprint, '--yes', '--json');
    assert.equal(done.code, 0, done.stderr);
    const value = JSON.parse(done.stdout) as Record<string, unknown>;
    assert.deepEqual(
      [value['grantee'], value['fingerprint'], value['packets']],
      [other.address, fingerprint, 1],
    );
    assert.equal(await readBy(other), 'all is well');
    await assert.rejects(readBy(before), failsWith('SEAL_UNREADABLE'), 'the keys of before do not');
    assert.match(await anna.ok(...accept), /there is nothing to accept/);
    assert.match(await anna.ok('contact', 'changed'), /^The keys of everyone who may read/);
  });
});
