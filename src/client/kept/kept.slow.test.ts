// Over 400 lines: what keeps a record, lets it open and deletes it is tried on one chart, mostly by what is refused.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { bytesToHex, bytesToUtf8, concatBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import type { PointTerm } from '../../crypto/threshold/GroupPort.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { auditEventOf } from '../../fhir/auditEventOf.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { judgedBody, submissionOf } from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import {
  behind,
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { askedView, keepOf } from '../../protocol/evidence/askedView.ts';
import { seconds } from '../../protocol/Clock.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import type { KeptView, Signed } from '../../protocol/struct/requests.ts';
import { LONGEST_KEEP } from '../../protocol/rights/requireKeep.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { AuditEvent } from '../audit/Audit.ts';
import { readAudit } from '../audit/readAudit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart, type Chart } from '../records/readChart.ts';
import { readObjections } from '../records/objections.ts';
import { objectToRecord } from '../records/objectToRecord.ts';
import { readRecord } from '../records/readRecord.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { keepRecord, LARGEST_KEPT } from './keepRecord.ts';
import type { KeptHead } from './keptIndex.ts';
import { keptPlaces } from './keptIndex.ts';
import { listKept, readKept } from './readKept.ts';
import { watchKept } from './watchKept.ts';

const SECRET = utf8ToBytes('a note for the night');
const HOUR = 3600;
const DAY = 24 * HOUR;

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: SECRET });
  await addRecord(doctor, { ...own, content: utf8ToBytes('another') });
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

interface Reader {
  readonly party: Party;
  readonly chart: Chart;
  readonly record: ChartRecord;
  readonly digest: Care['right']['digest'];
}

/** A reader with an empty device and a right of its own. */
async function reader(change: Partial<Parameters<typeof grantRight>[1]> = {}): Promise<Reader> {
  const { patient, stranger, handle } = care;
  const party: Party = { ...stranger, device: memoryDevice() };
  const given = await grantRight(patient, {
    ...everything(stranger),
    actions: ['read'],
    until: now() + 30 * DAY,
    ...change,
  });
  const chart = await readChart(party, { handle, grant: given.grant, purpose: 'TREAT' });
  const [record] = chart.records;
  assert.ok(record);
  return { party, chart, record, digest: given.digest };
}

function now(): number {
  return seconds(network.ports.clock);
}

/** The device where no node can be reached. */
function offline(party: Party): Party {
  const agent = new Proxy({} as Party['agent'], {
    get: () => () => {
      throw new MedsealError('PEER_UNREACHABLE', { peer: 'any node' });
    },
  });
  return { ...party, agent };
}

describe('a record that was viewed to be kept', () => {
  it('opens again on its device without a network, and its evidence says until when', async () => {
    const { party, chart, record } = await reader();
    const keep = now() + 12 * HOUR;
    const { content, acknowledgement } = await keepRecord(party, chart, record, keep);
    assert.deepEqual(content, SECRET);
    const away = offline(party);
    const [listed, ...others] = await listKept(away);
    assert.deepEqual(others, []);
    assert.equal(listed?.keep, keep);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual((await readKept(away, record)).content, SECRET);
    }
    const { request } = JSON.parse(acknowledgement.body) as Body;
    const view = askedView(request);
    assert.equal(view && keepOf(view), keep);
    const shown = (await audited()).find(({ entry }) => entry === acknowledgement.entry);
    assert.equal(shown?.body?.request.type, 'KeptView');
    assert.equal(shown.fault, undefined);
    const { entity = [] } = auditEventOf({ entry: shown.entry, body: shown.body });
    const told = entity.flatMap(({ detail = [] }) => detail);
    assert.deepEqual(told.at(-1), {
      type: 'kept-until',
      valueString: new Date(keep * 1000).toISOString(),
    });
  });

  it('is viewed and kept with what the patient says against it, for one entry', async () => {
    const { patient, doctor, handle, right } = care;
    const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
    const written = await addRecord(doctor, { ...own, content: utf8ToBytes('asthma') });
    const { party, chart: before } = await reader();
    const named = ({ record: id }: ChartRecord): boolean => id === written.record;
    const wrong = before.records.find(named) ?? assert.fail();
    const words = 'I have never had asthma.';
    await objectToRecord(patient, { record: wrong, words });
    const { handle: of, grant, purpose } = before;
    const chart = await readChart(party, { handle: of, ...(grant && { grant }), purpose });
    const keep = now() + HOUR;
    const { acknowledgement, pair } = await keepRecord(party, chart, wrong, keep);
    const body = JSON.parse(acknowledgement.body) as Body;
    assert.deepEqual([body.request.type, pair?.record], ['ViewSet', wrong.record]);
    const away = offline(party);
    const listed = await listKept(away);
    assert.equal(listed.length, 2);
    for (const each of listed) {
      assert.deepEqual([each.keep, each.acknowledgement], [keep, acknowledgement]);
    }
    assert.deepEqual(bytesToUtf8((await readKept(away, wrong)).content), 'asthma');
    const told = await readObjections(away, { records: chart.records }, wrong);
    assert.deepEqual(
      told.map((each) => each.words),
      [words],
    );
  });

  it('costs one sum of shares, as a reading without keeping it, and none when it is opened again', async () => {
    const { party, chart, record } = await reader();
    const { primitives } = party;
    let sums = 0;
    const sum = (terms: readonly PointTerm[]): Uint8Array | undefined => {
      sums += 1;
      return primitives.group.sum(terms);
    };
    const group = { ...primitives.group, sum };
    await keepRecord(
      { ...party, primitives: { ...primitives, group } },
      chart,
      record,
      now() + HOUR,
    );
    assert.equal(sums, 1);
    assert.deepEqual((await readKept(offline(party), record)).content, SECRET);
    assert.equal(sums, 1);
  });

  it('is kept sealed to the device: who copies its memory learns neither content nor key', async () => {
    const { party, chart, record } = await reader();
    await keepRecord(party, chart, record, now() + HOUR);
    const stored = base64.decode((await party.device.read('kept-0')) as string);
    const other = { ...party, keys: care.doctor.keys };
    await assert.rejects(readKept(other, record), failsWith('SEAL_UNREADABLE'));
    const text = new TextDecoder('latin1').decode(stored);
    assert.equal(text.includes('a note for the night'), false);
    assert.equal(text.includes(record.record), false);
  });

  it('opens no other version, and nothing else of the chart', async () => {
    const { party, chart, record } = await reader();
    await keepRecord(party, chart, record, now() + HOUR);
    const other = chart.records[1];
    assert.ok(other);
    await assert.rejects(readKept(party, other), failsWith('NOT_FOUND'));
    await assert.rejects(
      readKept(party, { record: record.record, version: 2 }),
      failsWith('NOT_FOUND'),
    );
    const { head } = await kept(party);
    const file = await sealedFile(other);
    await assert.rejects(
      openBytes([{ fileKey: Buffer.from(head.key.slice(2), 'hex') }], file),
      failsWith('SEAL_UNREADABLE'),
    );
  });

  it('takes the place of the same version kept before', async () => {
    const { party, chart, record } = await reader();
    await keepRecord(party, chart, record, now() + HOUR);
    await keepRecord(party, chart, record, now() + 2 * HOUR);
    assert.deepEqual(
      (await listKept(party)).map(({ keep }) => keep),
      [now() + 2 * HOUR],
    );
  });

  it('is read by its patient too, who needs no release', async () => {
    const { handle } = care;
    const patient = { ...care.patient };
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [record] = chart.records;
    assert.ok(record);
    await keepRecord(patient, chart, record, now() + HOUR);
    assert.deepEqual((await readKept(offline(patient), record)).content, SECRET);
    await assert.rejects(
      keepRecord(patient, chart, record, now() + LONGEST_KEEP + 60),
      failsWith('KEEP_TOO_LONG'),
    );
  });
});

describe('nothing is kept', () => {
  // @attack a reader keeps a record for a month, or beyond the end of its right | refused, and the refusal is an entry
  it('for longer than seven days, or beyond the end of the right', async () => {
    const { party, chart, record } = await reader({ until: now() + 2 * HOUR });
    for (const keep of [now() + 2 * HOUR + 1, now() + LONGEST_KEEP + 1, now() + 10 ** 9]) {
      await assert.rejects(keepRecord(party, chart, record, keep), failsWith('KEEP_TOO_LONG'));
    }
    assert.deepEqual(await keptPlaces(party), []);
    const long = await reader();
    const beyond = now() + LONGEST_KEEP + 1;
    await assert.rejects(
      keepRecord(long.party, long.chart, long.record, beyond),
      failsWith('KEEP_TOO_LONG'),
    );
    assert.deepEqual(await keptPlaces(long.party), []);
  });

  it('too long without the patient’s audit showing who tried', async () => {
    const refused = (await audited()).filter(({ body }) => body?.code === 'KEEP_TOO_LONG');
    assert.ok(refused.length > 0);
    assert.ok(refused.every(({ fault }) => fault === undefined));
  });

  // @attack an agent passes on a time that is too long, or a refusal of a time that is not | each coordinator judges it itself
  it('by the word of any coordinator, if an agent passes on a time that is too long or beyond the right', async () => {
    const { party, chart, record } = await reader({ until: now() + 3 * HOUR });
    for (const keep of [now() + LONGEST_KEEP + 60, now() + 3 * HOUR + 1]) {
      const request = sign(party, party, 'KeptView', viewOf(party, chart, record, keep));
      for (const name of ORGANISATIONS) {
        assert.deepEqual(await judgedBy(name, request, chart, record), ['KEEP_TOO_LONG']);
      }
    }
    const fits = viewOf(party, chart, record, now() + 3 * HOUR);
    const request = sign(party, party, 'KeptView', fits);
    assert.deepEqual(await judgedBy('laboratory', request, chart, record), ['views']);
  });

  it('by a coordinator that an agent tells a refusal which does not hold', async () => {
    const { party, chart, record } = await reader();
    const fits = viewOf(party, chart, record, now() + HOUR);
    const request = sign(party, party, 'KeptView', fits);
    const change = { flag: 'R', code: 'KEEP_TOO_LONG' } as const;
    assert.deepEqual(await judgedBy('insurer', request, chart, record, change), [
      'ANSWER_DISPUTED',
    ]);
  });

  // @attack a reader has the key of a kept record released after the right ended | refused
  it('by the share of a coordinator once the right has ended, though a quorum judged the view before', async () => {
    const { party, chart, record, digest } = await reader();
    const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(5)));
    const salt = readerSalt(party.primitives, recipient, 0);
    const message = { ...viewOf(party, chart, record, now() + HOUR), salt };
    const request = sign(party, party, 'KeptView', message);
    const [outcome] = await party.agent.submit([{ request, ...opened(chart) }]);
    assert.equal(outcome?.outcome, 'acknowledged');
    const { index } = outcome.acknowledgement;
    const seal = await sealOf(network, record);
    const asked = { recipient, views: [{ ...seal, index, place: 0 }], ...opened(chart) };
    assert.ok((await party.agent.release(asked)).length >= 2);
    await revokeRight(care.patient, digest);
    await assert.rejects(party.agent.release(asked), failsWith('RIGHT_ENDED'));
    await commitEpochs(care.patient, 3);
  });

  // @attack an agent makes the time longer for which a reader may keep a record | the signature does not hold
  it('if the time was altered on the way', async () => {
    const { party, chart, record } = await reader();
    const signed = sign(party, party, 'KeptView', viewOf(party, chart, record, now() + HOUR));
    for (const message of [
      { ...signed.message, keep: now() + 2 * HOUR },
      { ...signed.message, keep: now() + HOUR - 1 },
    ]) {
      const [outcome] = await party.agent.submit([
        { request: { ...signed, message }, ...opened(chart) },
      ]);
      assert.equal(outcome?.outcome === 'refused' && outcome.problem.code, 'SIGNATURE_INVALID');
    }
  });

  // @attack somebody makes a view that was signed without a time pass for one with it, or the other way | refused
  it('by a view that was signed without it: neither type passes for the other', async () => {
    const { party, chart, record } = await reader();
    const { keep, ...view } = viewOf(party, chart, record, now() + HOUR);
    const plain = sign(party, party, 'View', view);
    const more = [
      { ...plain, type: 'KeptView', message: { ...view, keep } },
      { ...plain, message: { ...view, keep } },
      { ...plain, type: 'KeptView' },
    ];
    const outcomes = await Promise.all(
      more.map(async (request) => {
        const [outcome] = await party.agent.submit([
          { request: request as never, ...opened(chart) },
        ]);
        return outcome?.outcome === 'refused' && outcome.problem.code;
      }),
    );
    assert.deepEqual(outcomes, ['SIGNATURE_INVALID', 'REQUEST_MALFORMED', 'REQUEST_MALFORMED']);
  });

  // @attack a reader keeps a chart or an audit | refused
  it('of a chart or an audit: only of a record', async () => {
    const { party, chart, record } = await reader();
    for (const what of ['chart', 'audit', 'chain', ''] as const) {
      const message = { ...viewOf(party, chart, record, now() + HOUR), what: what as 'record' };
      const request = sign(party, party, 'KeptView', message);
      const [outcome] = await party.agent.submit([{ request, ...opened(chart) }]);
      assert.equal(outcome?.outcome === 'refused' && outcome.problem.code, 'REQUEST_MALFORMED');
    }
  });

  // @attack a reader sends a view of before again, to keep the record for longer | the first answer, or none after the deadline
  it('by the same bytes again, which get the first answer, or after the deadline none', async () => {
    const { party, chart, record } = await reader();
    const message = viewOf(party, chart, record, now() + HOUR);
    const submission = { request: sign(party, party, 'KeptView', message), ...opened(chart) };
    const places = new Set<number | undefined>();
    for (let times = 0; times < 2; times++) {
      const [outcome] = await party.agent.submit([submission]);
      assert.equal(outcome?.outcome, 'acknowledged');
      places.add(outcome.acknowledgement.index);
    }
    assert.equal(places.size, 1);
    const late = { ...message, deadline: now() - 1, salt: bytesToHex(party.random(16)) };
    const request = sign(party, party, 'KeptView', late);
    const [outcome] = await party.agent.submit([{ request, ...opened(chart) }]);
    assert.equal(outcome?.outcome === 'refused' && outcome.problem.code, 'REQUEST_LATE');
  });

  it('by a party without a right, with a right of another, to another purpose, or to another category', async () => {
    const { party, chart, record } = await reader();
    const { doctor, right } = care;
    const message = viewOf(party, chart, record, now() + HOUR);
    const wrong = [
      [doctor, message],
      [party, { ...message, grant: right.digest }],
      [party, { ...message, grant: ZERO32 }],
      [party, { ...message, purpose: 'HRESCH' }],
    ] as const;
    for (const [by, wanted] of wrong) {
      const [outcome] = await by.agent.submit([
        { request: sign(by, by, 'KeptView', wanted), ...opened(chart) },
      ]);
      assert.equal(outcome?.outcome === 'refused' && outcome.problem.code, 'RIGHT_MISSING');
    }
    const narrow = await reader({ categories: ['imaging'] }).catch(() => undefined);
    assert.equal(narrow, undefined, 'such a right lists no such record');
  });

  // @attack a party without the right to read keeps a record | refused
  it('by a right that does not let its holder read', async () => {
    const { patient, stranger, handle } = care;
    const given = await grantRight(patient, {
      ...everything(stranger),
      actions: ['add'],
      until: now() + DAY,
    });
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [record] = own.records;
    assert.ok(record);
    const chart = { handle, grant: given.grant } as Chart;
    const message = {
      ...viewOf(stranger, chart, record, now() + HOUR),
      grant: given.digest,
    };
    const submission = submissionOf(
      { ...care, right: { ...care.right, ...given } },
      'KeptView',
      message,
      stranger,
    );
    const [outcome] = await stranger.agent.submit([submission]);
    assert.equal(outcome?.outcome === 'refused' && outcome.problem.code, 'RIGHT_MISSING');
  });

  it('if the sealed file is larger than a device keeps, which is said before a view', async () => {
    const { party, chart, record } = await reader();
    const large = { ...record, size: LARGEST_KEPT + 1 };
    await assert.rejects(
      keepRecord(party, chart, large, now() + HOUR),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  it('if too few organisations release: the device then has no key to keep', async () => {
    const { party, chart, record } = await reader();
    for (const name of ['laboratory', 'insurer']) {
      const { coordinator } = network.services(name);
      const away = async (): Promise<never> =>
        await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: name }));
      network.liars.coordinator.set(name, { ...coordinator, release: away });
    }
    await assert.rejects(
      keepRecord(party, chart, record, now() + HOUR),
      failsWith('RELEASE_PENDING'),
    );
    assert.deepEqual(await keptPlaces(party), []);
  });
});

describe('a device deletes what it kept', () => {
  it('once its time is over: when it lists, when it reads, and by itself', async () => {
    const { party, chart, record } = await reader();
    const keep = now() + HOUR;
    await keepRecord(party, chart, record, keep);
    const timers: (readonly [number, () => void])[] = [];
    let at = network.ports.clock.now();
    const clock = {
      now: () => at,
      after: (milliseconds: number, run: () => void) => {
        timers.push([milliseconds, run]);
        return () => void timers.pop();
      },
    };
    const later = { ...offline(party), clock };
    const end = await watchKept(later);
    const [[wait, run] = [0, () => undefined]] = timers;
    assert.ok(wait > (HOUR - 2) * 1000 && wait <= HOUR * 1000);
    assert.equal((await listKept(later)).length, 1);
    at = keep * 1000;
    await assert.rejects(readKept(later, record), failsWith('NOT_FOUND'));
    assert.deepEqual(await keptPlaces(party), []);
    assert.equal(await party.device.read('kept-0'), undefined);
    await keepRecord(party, chart, record, now() + HOUR);
    run();
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    assert.deepEqual(await keptPlaces(party), []);
    end();
  });

  // @attack a revoked party opens what its device keeps | deleted once it hears of the end; until then it opens that version alone
  it('once it hears that the right has ended; until then the kept version still opens', async () => {
    const { party, chart, record, digest } = await reader();
    await keepRecord(party, chart, record, now() + HOUR);
    await revokeRight(care.patient, digest);
    assert.deepEqual((await readKept(offline(party), record)).content, SECRET);
    await assert.rejects(readRecord(party, chart, record), failsWith('RIGHT_ENDED'));
    assert.deepEqual(await keptPlaces(party), []);
    await assert.rejects(readKept(party, record), failsWith('NOT_FOUND'));
    await commitEpochs(care.patient, 3);
  });

  it('and not what it keeps under another right', async () => {
    const one = await reader();
    const { party } = one;
    const other = await reader();
    const [, second] = other.chart.records;
    assert.ok(second);
    await keepRecord(party, one.chart, one.record, now() + HOUR);
    await keepRecord(party, other.chart, second, now() + HOUR);
    await revokeRight(care.patient, one.digest);
    const { handle } = care;
    const again = readChart(party, { handle, grant: one.chart.grant as never, purpose: 'TREAT' });
    await assert.rejects(again, failsWith('RIGHT_ENDED'));
    assert.deepEqual(
      (await listKept(party)).map(({ version }) => version.record),
      [second.record],
    );
    await commitEpochs(care.patient, 3);
  });

  for (const [how, hears] of [
    ['a chart shows', async ({ party, chart }: Reader) => await readChart(party, chart)],
    [
      'a view is answered',
      async ({ party, chart, record }: Reader) =>
        await assert.rejects(readRecord(party, chart, record), failsWith('RECORD_ERASED')),
    ],
  ] as const) {
    it(`once ${how} that the patient erased it, and no other record`, async () => {
      const { doctor, handle, right, patient } = care;
      const added = { handle, purpose: 'TREAT', grant: right.grant, content: SECRET } as const;
      await addRecord(doctor, { ...added, category: 'imaging' });
      const one = await reader();
      const { party, chart, record } = one;
      const erased = chart.records.findLast(({ category }) => category === 'imaging');
      assert.ok(erased);
      await keepRecord(party, chart, record, now() + HOUR);
      await keepRecord(party, chart, erased, now() + HOUR);
      await eraseKeys(patient, 'imaging');
      assert.deepEqual((await readKept(offline(party), erased)).content, SECRET);
      await hears({ ...one, record: erased });
      await assert.rejects(readKept(party, erased), failsWith('NOT_FOUND'));
      assert.deepEqual((await readKept(party, record)).content, SECRET);
    });
  }
});

// @attack who can write to a device puts another record, key or view there | it does not open
describe('what somebody else put onto a device', () => {
  const planted: readonly (readonly [
    string,
    (head: KeptHead, other: KeptHead) => Partial<KeptHead>,
    string,
  ])[] = [
    ['with another version’s entry', (_, { entry }) => ({ entry }), 'EVIDENCE_INVALID'],
    ['with the view of another record', (_, { view }) => ({ view }), 'EVIDENCE_INVALID'],
    ['for another chart', () => ({ handle: ZERO32 }), 'EVIDENCE_INVALID'],
    ['with a longer time in its view', ({ view }) => ({ view: longer(view) }), 'EVIDENCE_INVALID'],
    ['with another key', () => ({ key: `0x${'11'.repeat(16)}` }), 'SEAL_UNREADABLE'],
  ];
  for (const [what, change, code] of planted) {
    it(`does not open: a record ${what}`, async () => {
      const one = await reader();
      const { party, chart, record } = one;
      const [, second] = chart.records;
      assert.ok(second);
      await keepRecord(party, chart, second, now() + HOUR);
      const other = (await kept(party)).head;
      await keepRecord(party, chart, record, now() + HOUR);
      await party.device.write('kept', (await keptPlaces(party)).slice(1));
      const { head, file } = await kept(party, 1);
      await plant(party, { ...head, ...change(head, other) }, file);
      await assert.rejects(readKept(party, record), failsWith(code as never));
    });
  }

  it('does not open: another file under a kept record’s entry', async () => {
    const { party, chart, record } = await reader();
    await keepRecord(party, chart, record, now() + HOUR);
    const { head } = await kept(party);
    await plant(party, head, await sealedFile(chart.records[1] ?? record), 0);
    await assert.rejects(readKept(party, record), failsWith('FILE_MISMATCH'));
  });

  // @attack who can write to a device makes the time longer there | the signed view counts
  it('does not stay longer by a longer time in the index', async () => {
    const { party, chart, record } = await reader();
    const keep = now() + HOUR;
    await keepRecord(party, chart, record, keep);
    const [place] = await keptPlaces(party);
    await party.device.write('kept', [{ ...place, keep: keep + 10 ** 8 }]);
    const clock = { ...party.clock, now: () => (keep + 1) * 1000 };
    await assert.rejects(readKept({ ...party, clock }, record), failsWith('NOT_FOUND'));
  });

  it('does not open: a view of another party', async () => {
    const { party, chart, record } = await reader();
    await keepRecord(party, chart, record, now() + HOUR);
    const elsewhere = { ...party, address: care.doctor.address };
    await assert.rejects(readKept(elsewhere, record), failsWith('EVIDENCE_INVALID'));
  });
});

function viewOf(
  party: Party,
  chart: Chart,
  { record, version }: ChartRecord,
  keep: number,
): KeptView {
  const { grant } = chart;
  assert.ok(grant);
  return {
    log: party.log,
    what: 'record',
    handle: care.handle,
    record,
    version,
    grant: digestOf(party, 'Grant', grant),
    purpose: 'TREAT',
    keep,
    deadline: now() + 300,
    salt: bytesToHex(party.random(16)),
  };
}

/** The opening of the chart's right, for a request that relies on it. */
function opened({ grant }: Chart): { readonly opening?: NonNullable<Chart['grant']> } {
  return grant === undefined ? {} : { opening: grant };
}

/** The code by which a coordinator refuses what an agent passes on, or the kind of its verdict. */
async function judgedBy(
  name: string,
  request: Signed<'KeptView'>,
  chart: Chart,
  { acknowledgement }: ChartRecord,
  change: Partial<Body> = {},
): Promise<readonly (string | undefined)[]> {
  const body = judgedBody(network, care, request, change);
  const bodies = [{ ...body, ...opened(chart), record: acknowledgement }];
  const { coordinator } = network.services(name);
  const { verdict, refused } = await coordinator.judge({ log: request.message.log, bodies });
  return [
    ...refused.map(({ problem }) => problem.code),
    ...(verdict ? [verdict.verdict.kind] : []),
  ];
}

async function audited(): Promise<readonly AuditEvent[]> {
  await network.checkpoint();
  const { agent } = care.patient;
  // The log gets no checkpoint by itself: the audit's own entry asks for one.
  const covered = behind(care.patient, {
    submit: async (submissions) => {
      const outcomes = await agent.submit(submissions);
      await network.checkpoint();
      return outcomes;
    },
  });
  const { logs } = await readAudit(covered);
  return logs.flatMap(({ events }) => events);
}

async function sealedFile({ file }: ChartRecord): Promise<Uint8Array> {
  return await collectBytes(network.services().contributor.file(file));
}

/** Opens the record in a slot of a device. */
async function kept(
  party: Party,
  slot = 0,
): Promise<{ readonly head: KeptHead; readonly file: Uint8Array }> {
  const stored = base64.decode((await party.device.read(`kept-${slot}`)) as string);
  const bytes = await openBytes([party.keys.identity()], stored);
  const end = bytes.indexOf(0x0a);
  const head = JSON.parse(bytesToUtf8(bytes.subarray(0, end))) as KeptHead;
  return { head, file: bytes.subarray(end + 1) };
}

/** Puts something else there, as whoever can write to the device can. */
async function plant(party: Party, head: KeptHead, file: Uint8Array, slot = 1): Promise<void> {
  const bytes = concatBytes(utf8ToBytes(`${JSON.stringify(head)}\n`), file);
  await party.device.write(
    `kept-${slot}`,
    base64.encode(await sealBytes([party.recipient], bytes)),
  );
}

/** The same view with a longer time. */
function longer(view: Acknowledgement): Acknowledgement {
  const body = JSON.parse(view.body) as Body;
  const message = { ...(body.request.message as KeptView), keep: now() + 10 ** 6 };
  return { ...view, body: canonicalJson({ ...body, request: { ...body.request, message } }) };
}
