import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { openNetwork, type RunningNetwork } from '../node/openNetwork.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { listen, type Listening } from './listen.ts';
import { networkApp } from './networkApp.ts';
import { IndependentClient, type Answer } from './test/IndependentClient.ts';

const NOTHING = `0x${'00'.repeat(32)}`;

interface Proof {
  readonly checkpoint: { readonly size: number; readonly root: string };
  readonly inclusion: readonly string[];
}

describe('a client that was written from the OpenAPI document alone', () => {
  let folder: string;
  let network: RunningNetwork;
  let agents: Listening;
  before(async () => {
    folder = await scratchFolder();
    network = await openNetwork({ folder, demo: true });
    agents = await listen(networkApp(network.agents), 0);
  });
  after(async () => {
    await agents.close();
    await network.close();
    await rm(folder, { recursive: true });
  });

  it('enrols, submits a signed request, and fetches the receipt', async () => {
    const client = await IndependentClient.open(`${agents.url}/hospital`);
    const handle = await enrol(client, 'patient');
    const request = await client.sign('View', {
      log: 'care/hospital',
      what: 'audit',
      handle,
      record: NOTHING,
      version: 0,
      grant: NOTHING,
      purpose: 'PATRQT',
      deadline: soon(),
      salt: client.salt(),
    });
    const submitted = await client.call('submit', {}, { request });
    assert.equal(submitted.status, 200, JSON.stringify(submitted.value));
    const { outcome, acknowledgement } = submitted.value as {
      outcome: string;
      acknowledgement: { index: number; entry: string; body: string };
    };
    assert.equal(outcome, 'acknowledged');
    const { index, entry, body } = acknowledgement;
    assert.equal(`0x${sha256(Buffer.from(body)).toString('hex')}`, entry);
    const again = await client.call('submit', {}, [{ request }]);
    const [same] = again.value as { acknowledgement: object }[];
    assert.deepEqual(same?.acknowledgement, acknowledgement);

    const proof = await receiptOf(client, index);
    assert.ok(proof.checkpoint.size > index);
    assert.equal(rootFrom(entry, index, proof), proof.checkpoint.root);
  });

  it('is told why a request is refused, with the entry that the refusal became', async () => {
    const handle = await enrol(await IndependentClient.open(`${agents.url}/hospital`), 'patient');
    const client = await IndependentClient.open(`${agents.url}/hospital`);
    const request = await client.sign('View', {
      log: 'care/hospital',
      what: 'chart',
      handle,
      record: NOTHING,
      version: 0,
      grant: NOTHING,
      purpose: 'TREAT',
      deadline: soon(),
      salt: client.salt(),
    });
    const unknown = await client.call('submit', {}, { request });
    assert.deepEqual([unknown.status, codeOf(unknown)], [403, 'PARTY_UNKNOWN']);
    await enrol(client, 'doctor');
    const refused = await client.call('submit', {}, { request });
    assert.deepEqual([refused.status, codeOf(refused)], [403, 'RIGHT_MISSING']);
    const { acknowledgement } = refused.value as {
      acknowledgement: { index: number; entry: string };
    };
    const proof = await receiptOf(client, acknowledgement.index);
    const root = rootFrom(acknowledgement.entry, acknowledgement.index, proof);
    assert.equal(root, proof.checkpoint.root);
  });
});

function soon(): number {
  return Math.floor(Date.now() / 1000) + 300;
}

function codeOf({ value }: Answer): string {
  return (value as { code: string }).code;
}

/** Enrols the client's party, with a recipient that another library makes. */
async function enrol(client: IndependentClient, role: string): Promise<string> {
  const recipient = await identityToRecipient(await generateHybridIdentity());
  const application = await client.sign('Application', {
    party: client.party,
    role,
    organisation: 'hospital',
    recipient: `0x${sha256(Buffer.from(recipient)).toString('hex')}`,
    deadline: soon(),
  });
  const card = { party: client.party, recipient };
  const { status, value } = await client.call('apply', {}, { application, card });
  assert.equal(status, 201, JSON.stringify(value));
  return (value as { enrolment: { handle: string } }).enrolment.handle;
}

/** Asks for the proof of a receipt until it is there. */
async function receiptOf(client: IndependentClient, index: number): Promise<Proof> {
  for (;;) {
    const place = { channel: 'care', organisation: 'hospital', index };
    const { status, value } = await client.call('getReceipt', place);
    if (status === 200) return value as Proof;
    assert.equal(status, 202);
    await wait((value as { retryAfter: number }).retryAfter);
  }
}

/** Computes the root that an inclusion proof gives (RFC 9162 §2.1.3.2). */
function rootFrom(entry: string, index: number, { checkpoint, inclusion }: Proof): string {
  let hash = sha256(Buffer.of(0), bytesOf(entry));
  let [place, last] = [index, checkpoint.size - 1];
  for (const step of inclusion) {
    if (place % 2 === 1 || place === last) {
      hash = sha256(Buffer.of(1), bytesOf(step), hash);
      while (place % 2 === 0 && place > 0) [place, last] = [place >> 1, last >> 1];
    } else {
      hash = sha256(Buffer.of(1), hash, bytesOf(step));
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return `0x${hash.toString('hex')}`;
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
