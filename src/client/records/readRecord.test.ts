import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { generateHybridIdentity } from 'age-encryption';
import { base64 } from '@scure/base';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Acknowledgement, Outcome, Release } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { addRecord } from './addRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readChart, type Chart } from './readChart.ts';
import { readRecord } from './readRecord.ts';
import { evidenceOfRefusal } from '../agent/submit.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  await added('first');
  await added('second');
});
after(async () => await network.close());

async function added(text: string): Promise<void> {
  const { doctor, handle, right } = care;
  const content = utf8ToBytes(text);
  const version = {
    handle,
    category: 'vitals',
    content,
    purpose: 'TREAT',
    grant: right.grant,
  } as const;
  await addRecord(doctor, version);
}

async function chartOf(party: Party): Promise<Chart> {
  return await readChart(party, { handle: care.handle, grant: care.right.grant, purpose: 'TREAT' });
}

/** The doctor at an agent that makes something else of its outcomes. */
function deceived(change: (given: Outcome, asked: Submission) => unknown): Party {
  const { doctor } = care;
  return behind(doctor, {
    submit: async (submissions) => {
      const [asked] = submissions;
      const [given] = await doctor.agent.submit(submissions);
      assert.ok(asked !== undefined && given !== undefined);
      return [(await change(given, asked)) as Outcome];
    },
  });
}

/** The outcome of a view with another release. */
function releasing(change: (release: Release) => unknown): (given: Outcome) => unknown {
  return (given) => {
    assert.ok(given.outcome === 'acknowledged');
    return { ...given, release: change(given.release ?? {}) };
  };
}

function withEntry(change: (entry: Acknowledgement) => unknown): (given: Outcome) => unknown {
  return releasing(({ records = [], ...rest }) => ({ ...rest, records: records.map(change) }));
}

describe('a chart', () => {
  it('is listed and opened as it was written', async () => {
    const chart = await chartOf(care.doctor);
    const texts: string[] = [];
    for (const record of chart.records) {
      assert.equal(record.author, care.doctor.address);
      texts.push(bytesToUtf8((await readRecord(care.doctor, chart, record)).content));
    }
    assert.deepEqual(texts, ['first', 'second']);
  });

  const lies: [string, (given: Outcome, asked: Submission) => unknown, ErrorCode][] = [
    [
      'an altered author',
      withEntry((entry) => ({
        ...entry,
        body: entry.body.replace(care.doctor.address, care.patient.address),
      })),
      'EVIDENCE_INVALID',
    ],
    [
      'an altered signature of the author',
      withEntry((entry) => ({
        ...entry,
        body: entry.body.replace(/"signature":"0x.{8}/, '"signature":"0x00000000'),
      })),
      'EVIDENCE_INVALID',
    ],
    [
      'another file in an entry',
      withEntry((entry) => ({
        ...entry,
        body: entry.body.replace(/"file":"0x.{8}/, '"file":"0x00000000'),
      })),
      'EVIDENCE_INVALID',
    ],
    [
      'an entry without verdicts',
      withEntry((entry) => ({ ...entry, verdicts: [] })),
      'EVIDENCE_INVALID',
    ],
    [
      'an entry with one verdict',
      withEntry((entry) => ({ ...entry, verdicts: entry.verdicts.slice(0, 1) })),
      'EVIDENCE_INVALID',
    ],
    ['a null entry', withEntry(() => null), 'EVIDENCE_INVALID'],
    [
      'the entry of a view',
      (given) =>
        given.outcome === 'acknowledged'
          ? { ...given, release: { records: [given.acknowledgement] } }
          : given,
      'EVIDENCE_INVALID',
    ],
    [
      'records that are not list',
      releasing((release) => ({ ...release, records: 'all' })),
      'PEER_MALFORMED',
    ],
    [
      'a packet that is not a base64',
      releasing((release) => ({ ...release, packet: '%%%' })),
      'SEAL_UNREADABLE',
    ],
    [
      'a packet for someone else',
      async (given) => releasing(() => ({ packet }))(given),
      'SEAL_UNREADABLE',
    ],
    [
      'a packet of another chart',
      async (given) => releasing(() => ({ packet: foreign }))(given),
      'SEAL_UNREADABLE',
    ],
    [
      'a packet that is not JSON',
      async (given) => releasing(() => ({ packet: garbage }))(given),
      'SEAL_UNREADABLE',
    ],
    [
      'no evidence of the view',
      (given) => ({ ...given, acknowledgement: undefined }),
      'EVIDENCE_INVALID',
    ],
    [
      'the evidence of another view',
      (given) => ({ ...given, acknowledgement: older }),
      'EVIDENCE_INVALID',
    ],
    [
      'evidence with an altered verdict',
      (given) =>
        given.outcome === 'acknowledged' && {
          ...given,
          acknowledgement: {
            ...given.acknowledgement,
            verdicts: given.acknowledgement.verdicts.map((each) => ({ ...each, index: 1 })),
          },
        },
      'EVIDENCE_INVALID',
    ],
    [
      'the answer to a rule',
      () => ({ outcome: 'placed', transaction: word('x'), block: 1 }),
      'PEER_MALFORMED',
    ],
    ['nothing', () => undefined, 'PEER_MALFORMED'],
    ['an unknown outcome', () => ({ outcome: 'perhaps' }), 'PEER_MALFORMED'],
    ['a problem of no form', () => ({ outcome: 'refused', problem: null }), 'PEER_MALFORMED'],
    [
      'a problem of no code',
      () => ({ outcome: 'refused', problem: { code: 'toString' } }),
      'PEER_MALFORMED',
    ],
  ];
  let older: Acknowledgement;
  let packet: string;
  let foreign: string;
  let garbage: string;

  before(async () => {
    older = (await chartOf(care.doctor)).acknowledgement;
    const other = { handle: word('other'), identities: {} };
    packet = await sealedTo(care.stranger, JSON.stringify(other));
    foreign = await sealedTo(care.doctor, JSON.stringify(other));
    garbage = await sealedTo(care.doctor, 'not JSON');
  });

  for (const [name, lie, code] of lies) {
    it(`is not read from a node that serves ${name}: ${code}`, async () => {
      await assert.rejects(chartOf(deceived(lie)), failsWith(code));
    });
  }

  it('has no key where the node serves no packet, or one of other keys', async () => {
    const without = await chartOf(deceived(releasing(({ records }) => ({ records }))));
    assert.throws(() => without.identityFor(1, 'vitals'), failsWith('KEY_PENDING'));
    const own = await generateHybridIdentity();
    const lie = { handle: care.handle, identities: { 1: { vitals: own } } };
    const sealed = await sealBytes([care.doctor.recipient], utf8ToBytes(JSON.stringify(lie)));
    const packetOfLiar = base64.encode(sealed);
    const party = deceived(releasing((release) => ({ ...release, packet: packetOfLiar })));
    const chart = await chartOf(party);
    const [record] = chart.records;
    assert.ok(record !== undefined);
    // The author sealed to the patient's recipients, so keys that a node makes up open nothing.
    const read = readRecord(care.doctor, chart, record);
    await assert.rejects(read, failsWith('SEAL_UNREADABLE'));
  });
});

describe('a record', () => {
  const spoilt: [string, (bytes: Uint8Array) => readonly Uint8Array[]][] = [
    ['a bit flipped at the beginning', (bytes) => [flipped(bytes, 0)]],
    ['a bit flipped in the middle', (bytes) => [flipped(bytes, bytes.length >> 1)]],
    ['a bit flipped at the end', (bytes) => [flipped(bytes, bytes.length - 1)]],
    ['a byte less', (bytes) => [bytes.subarray(1)]],
    ['the last byte cut off', (bytes) => [bytes.subarray(0, -1)]],
    ['a byte more', (bytes) => [bytes, Uint8Array.of(0)]],
    ['its pieces exchanged', (bytes) => [bytes.subarray(100), bytes.subarray(0, 100)]],
    ['nothing', () => []],
  ];
  for (const [name, change] of spoilt) {
    it(`is not opened from a file with ${name}`, async () => {
      const { chart, record } = await firstOf();
      const read = readRecord(serving(change), chart, record);
      await assert.rejects(read, failsWith('FILE_MISMATCH'));
    });
  }

  it('is not waited for without end: more than was announced is refused at once', async () => {
    const { chart, record } = await firstOf();
    let served = 0;
    const endless = behind(care.doctor, {
      async *download() {
        for (;;) {
          served += 1;
          yield await Promise.resolve(new Uint8Array(1024));
        }
      },
    });
    await assert.rejects(readRecord(endless, chart, record), failsWith('FILE_MISMATCH'));
    assert.ok(served < 50);
  });

  it('is not another record of the chart', async () => {
    const { chart, record } = await firstOf();
    const [, other] = chart.records;
    assert.ok(other !== undefined);
    const swapped = readRecord(care.doctor, chart, { ...record, file: other.file });
    await assert.rejects(swapped, failsWith('RELEASE_UNKNOWN'));
  });

  it('is not read by who was given its list, but not the right', async () => {
    const { chart, record } = await firstOf();
    const read = readRecord(care.stranger, chart, record);
    await assert.rejects(read, failsWith('RIGHT_MISSING'));
  });
});

describe('the evidence of a refusal', () => {
  it('is shown where it holds, and where it is of this request', async () => {
    const { stranger, handle } = care;
    const refused = readChart(stranger, { handle, purpose: 'TREAT' });
    const error = await refused.catch((each: unknown) => each);
    failsWith('RIGHT_MISSING')(error);
    assert.equal(evidenceOfRefusal(error)?.log, 'care/hospital');
    for (const acknowledgement of [evidenceOfRefusal(error), null, {}, { body: '' }]) {
      const problem = new MedsealError('RIGHT_MISSING', {}).toProblem();
      const lying = deceived(() => ({ outcome: 'refused', problem, acknowledgement }));
      const told = await chartOf(lying).catch((each: unknown) => each);
      failsWith('RIGHT_MISSING')(told);
      assert.equal(evidenceOfRefusal(told), undefined);
    }
    assert.equal(evidenceOfRefusal(undefined), undefined);
  });
});

describe('a right that is given', () => {
  it('seals nothing to a recipient that the Registry does not name', async () => {
    const { patient, stranger, doctor } = care;
    const sent: unknown[] = [];
    for (const recipient of [doctor.recipient, 'age1pq1mine', '', 7, undefined]) {
      const lying = behind(patient, {
        card: async (party) => await Promise.resolve({ party, recipient: recipient as string }),
        submit: async (submissions) => {
          sent.push(submissions);
          return await patient.agent.submit(submissions);
        },
      });
      const granted = grantRight(lying, everything(stranger));
      await assert.rejects(granted, failsWith('KEY_UNAUTHENTIC'));
    }
    const nobody = { ...everything(stranger), grantee: signatory('nobody').address };
    await assert.rejects(grantRight(patient, nobody), failsWith('PARTY_UNKNOWN'));
    assert.deepEqual(sent, []);
  });
});

function flipped(bytes: Uint8Array, place: number): Uint8Array {
  return bytes.map((byte, at) => (at === place ? byte ^ 1 : byte));
}

async function firstOf(): Promise<{ chart: Chart; record: Chart['records'][number] }> {
  const chart = await chartOf(care.doctor);
  const [record] = chart.records;
  assert.ok(record !== undefined);
  return { chart, record };
}

/** The doctor at an agent that serves other bytes. */
function serving(change: (bytes: Uint8Array) => readonly Uint8Array[]): Party {
  const { doctor } = care;
  return behind(doctor, {
    async *download(ticket, hash) {
      const parts: Uint8Array[] = [];
      for await (const part of doctor.agent.download(ticket, hash)) parts.push(part);
      yield* change(Buffer.concat(parts));
    },
  });
}

async function sealedTo(to: Party, text: string): Promise<string> {
  return base64.encode(await sealBytes([to.recipient], utf8ToBytes(text)));
}
