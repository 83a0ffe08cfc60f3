import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import type { Party } from '../../client/party/Party.ts';
import { uploadSealed } from '../../client/agent/uploadSealed.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { agentRoutes } from '../../http/agentRoutes.ts';
import { answerProblem } from '../../http/answerProblem.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Signed, Upload } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addOwn, eraseEverywhere, fileOf, holding, LARGE } from '../test/erased.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';

const FILE = new Uint8Array(100).fill(7);
let network: TestNetwork;
let care: Care;

async function start(): Promise<void> {
  network = await startTestNetwork({
    cared: true,
    quotas: { leasedFiles: 3, leasedBytes: 100_000, arrivingFiles: 2 },
  });
  care = await startCare(network);
}

/** A stream that notes whether a byte of it was read. */
function watched(content: Uint8Array = FILE): AsyncIterable<Uint8Array> & { read: boolean } {
  const stream = {
    read: false,
    async *[Symbol.asyncIterator]() {
      stream.read = true;
      yield await Promise.resolve(content);
    },
  };
  return stream;
}

function announce(change: Partial<Upload> = {}, party: Party = care.doctor): Signed<'Upload'> {
  return sign(party, party, 'Upload', {
    log: party.log,
    file: bytesToHex(party.primitives.sha256(FILE)),
    size: FILE.length,
    deadline: BEGIN + 300,
    salt: bytesToHex(party.random(16)),
    ...change,
  });
}

/** Uploads a file of its own of some size. */
async function upload(party: Party, size = 100): Promise<`0x${string}`> {
  const content = party.random(size);
  const hash = bytesToHex(party.primitives.sha256(content));
  await uploadSealed(party, { hash, size }, watched(content));
  return hash;
}

describe('an upload that is refused at once', () => {
  before(start);
  after(async () => await network.close());

  const wrong: [string, () => unknown, ErrorCode][] = [
    ['nothing', () => undefined, 'REQUEST_MALFORMED'],
    ['no signature', () => ({ ...announce(), signature: '0x' }), 'REQUEST_MALFORMED'],
    [
      'another file than was signed for',
      () => {
        const { message, ...signed } = announce();
        return { ...signed, message: { ...message, file: word('other') } };
      },
      'SIGNATURE_INVALID',
    ],
    [
      'the name of another',
      () => ({ ...announce(), party: care.patient.address }),
      'SIGNATURE_INVALID',
    ],
    [
      'a party that is not enrolled',
      () => ({ ...announce(), party: signatory('nobody').address }),
      'PARTY_UNKNOWN',
    ],
    ['another log', () => announce({ log: 'care/insurer' }), 'LOG_WRONG'],
    ['a deadline that has passed', () => announce({ deadline: BEGIN - 1 }), 'REQUEST_LATE'],
    ['a deadline far ahead', () => announce({ deadline: BEGIN + 9000 }), 'REQUEST_EARLY'],
    ['more bytes than the quota', () => announce({ size: 100_001 }), 'QUOTA_SPENT'],
  ];
  for (const [name, offer, code] of wrong) {
    it(`came with ${name}, and no byte of it is read: ${code}`, async () => {
      const content = watched();
      const agent = network.services().agent;
      await assert.rejects(agent.upload(offer() as Signed<'Upload'>, content), failsWith(code));
      assert.equal(content.read, false);
    });
  }
});

describe('an upload', () => {
  beforeEach(start);
  afterEach(async () => await network.close());

  it('of a party that is suspended is refused', async () => {
    await suspend(network, care.doctor, 1);
    await assert.rejects(upload(care.doctor), failsWith('PARTY_SUSPENDED'));
  });

  // @attack somebody who kept a sealed file uploads it after the patient erased the record | RECORD_ERASED, and no byte is read
  it('of a file that a patient erased is refused, and no byte of it is read', async () => {
    const record = await addOwn(care.patient, 'imaging', LARGE);
    const file = fileOf(record);
    await eraseEverywhere(network, care.patient, 'imaging');
    const content = watched();
    const deadline = Math.floor(network.clock.now() / 1000) + 200;
    await assert.rejects(
      network.agent().upload(announce({ file, deadline }), content),
      failsWith('RECORD_ERASED', { category: 'imaging' }),
    );
    assert.deepEqual([content.read, await holding(network, file)], [false, []]);
  });

  it('is taken up to the party’s quota of files, and others have their own', async () => {
    for (let i = 0; i < 3; i++) await upload(care.doctor);
    await assert.rejects(upload(care.doctor), failsWith('QUOTA_SPENT'));
    await upload(care.stranger);
  });

  it('is taken up to the party’s quota of bytes', async () => {
    await upload(care.doctor, 60_000);
    await assert.rejects(upload(care.doctor, 40_001), failsWith('QUOTA_SPENT'));
    await upload(care.doctor, 40_000);
  });

  it('counts once, however often it comes, and not where it fails', async () => {
    for (let i = 0; i < 5; i++) await network.agent().upload(announce(), watched());
    for (let i = 0; i < 5; i++) {
      const broken = network.agent().upload(announce({ file: word(`no ${i}`) }), watched());
      await assert.rejects(broken, failsWith('FILE_MISMATCH'));
    }
    await upload(care.doctor);
    await upload(care.doctor);
  });

  // @attack an enrolled party sends files slowly from many addresses | eight at once
  it('is taken while few others of the party arrive, whose senders may be slow, and others have their own', async () => {
    const { agent } = network.services();
    const go = Promise.withResolvers<void>();
    const slow = ['one', 'two'].map((name) => {
      const begun = Promise.withResolvers<void>();
      const content = (async function* (): AsyncGenerator<Uint8Array> {
        begun.resolve();
        await go.promise;
        yield FILE;
      })();
      const sent = agent.upload(announce({ file: word(name) }), content);
      return { begun: begun.promise, failed: assert.rejects(sent, failsWith('FILE_MISMATCH')) };
    });
    for (const { begun } of slow) await begun;
    const third = watched();
    await assert.rejects(agent.upload(announce(), third), failsWith('QUOTA_SPENT'));
    assert.equal(third.read, false);
    await upload(care.stranger);
    go.resolve();
    for (const { failed } of slow) await failed;
    await upload(care.doctor);
  });

  it('no longer counts when its lease has ended', async () => {
    for (let i = 0; i < 3; i++) await upload(care.doctor);
    network.clock.advance(3_599_000);
    await assert.rejects(upload(care.doctor), failsWith('QUOTA_SPENT'));
    network.clock.advance(1000);
    await upload(care.doctor);
  });

  it('no longer counts when an entry names it', async () => {
    for (let i = 0; i < 5; i++) {
      await addRecord(care.doctor, {
        handle: care.handle,
        category: 'laboratory',
        purpose: 'TREAT',
        grant: care.right.grant,
        content: FILE,
      });
    }
  });

  it('goes over HTTP with its announcement in the header, for the file of the path alone', async () => {
    const routes = agentRoutes(network.agent()).onError(answerProblem);
    const agent = httpAgent('http://127.0.0.1:1', async (path, init) => {
      return await routes.request(path, init);
    });
    const hash = await upload({ ...care.doctor, agent });
    assert.deepEqual(await network.services().contributor.stats([hash]), [{ hash, size: 100 }]);
    const path = `http://127.0.0.1:1/v1/files/${word('other')}`;
    const encoded = Buffer.from(JSON.stringify(announce())).toString('base64url');
    for (const authorization of [
      `Upload ${encoded}`,
      'Upload e30',
      'Upload bnVsbA',
      'Upload',
      '',
    ]) {
      const headers = { authorization };
      const response = await routes.request(path, { method: 'PUT', headers, body: FILE });
      assert.equal(response.status, 400, authorization);
    }
  });
});
