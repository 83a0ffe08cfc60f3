import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Bundle, BundleEntry } from '@medplum/fhirtypes';
import { addRecord } from './addRecord.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from './readChart.ts';
import type { ChartRecord } from './viewChart.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { amendBundle } from '../../fhir/amendBundle.ts';
import { amendPart } from '../../fhir/amendPart.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import type { Part, PartContent } from '../../fhir/Part.ts';
import { reassembleBundle } from '../../fhir/reassembleBundle.ts';
import type { Reassembled } from '../../fhir/reassembleSet.ts';
import { splitBundle } from '../../fhir/splitBundle.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { amendParts, type NextVersion } from '../../cli/record/amendParts.ts';
import { readParts, type PartRecord } from './readParts.ts';

const purpose = 'PATRQT';
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: ['Patient', 'Condition'].map((resourceType) => ({ resource: { resourceType } })),
} as unknown as Bundle;
const [first, second] = splitBundle(bundle, { set: `0x${'11'.repeat(16)}` });

describe('the parts of a bundle at an organisation that has no copy of some yet', () => {
  let network: TestNetwork;
  let care: Care;
  let elsewhere: Party;
  before(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
    elsewhere = { ...care.patient, agent: network.agent('insurer'), log: 'care/insurer' };
    await add(first);
    await network.checkpoint();
    await add(second);
  });
  after(async () => await network.close());

  async function add(part: typeof first): Promise<void> {
    assert.ok(part !== undefined);
    const { patient, handle } = care;
    const { category } = part;
    await addRecord(patient, { handle, category, content: encodePart(part.content), purpose });
  }

  async function read(party: Party): Promise<Reassembled> {
    const chart = await readChart(party, { handle: care.handle, purpose, after: [] });
    const [record] = chart.records;
    assert.ok(record !== undefined);
    const parts = await readParts(party, chart, record);
    return reassembleBundle(parts.map(({ content }) => content));
  }

  it('are told as missing, and are whole once they are copied', async () => {
    assert.deepEqual(await read(elsewhere), { complete: false, missing: [1] });
    assert.deepEqual(await read(care.patient), { complete: true, bundle });
    await network.checkpoint();
    assert.deepEqual(await read(elsewhere), { complete: true, bundle });
  });

  // @attack an altered part of a bundle passes for one that is on its way | what is there is checked whatever is missing: `FILE_MISMATCH`, `PARTS_UNFIT`
  it('are an error if the node alters one: that is not taken for one on its way', async () => {
    const { agent } = elsewhere;
    async function* altered(
      ...given: Parameters<typeof agent.download>
    ): AsyncGenerator<Uint8Array> {
      for await (const piece of agent.download(...given)) yield piece.map((byte) => byte ^ 1);
    }
    await assert.rejects(
      read(behind(elsewhere, { download: altered })),
      failsWith('FILE_MISMATCH'),
    );
  });
});

describe('the views of a bundle’s parts', () => {
  let network: TestNetwork;
  let care: Care;
  const six = entries(
    'Patient',
    'Goal',
    'Claim',
    'Immunization',
    'Observation',
    'MedicationRequest',
  );
  const parts = splitBundle(six, { set: `0x${'bb'.repeat(16)}` });
  /** Records of the parts, by their numbers. */
  const ids: RecordId[] = [];

  before(async () => {
    network = await startTestNetwork({ cared: true, guarded: true });
    care = await startCare(network);
    const { patient, doctor, handle, right } = care;
    const note = { handle, category: 'vitals', content: utf8ToBytes('a note') } as const;
    await addRecord(patient, { ...note, purpose });
    for (const { category, content } of parts) {
      const part = { handle, category, content: encodePart(content) };
      ids.push((await addRecord(patient, { ...part, purpose })).record);
      // Records that others add meanwhile lie between the parts.
      await addRecord(doctor, { ...note, purpose: 'TREAT', grant: right.grant });
    }
    await addRecord(patient, { ...note, purpose });
    await network.checkpoint();
  });
  after(async () => await network.close());

  /** The records of each entry that a reader makes to read the bundle from one part. */
  async function viewedFrom(part: number, reader: Party): Promise<readonly RecordId[][]> {
    const { handle, right } = care;
    const isOwn = reader === care.patient;
    const chart = await readChart(reader, {
      handle,
      after: [],
      ...(isOwn ? { purpose } : { purpose: 'TREAT', grant: right.grant }),
    });
    const views: RecordId[][] = [];
    const counting = behind(reader, {
      submit: async (submissions, ...rest) => {
        for (const { request, pairs = [] } of submissions) {
          const { record } = request.message as { readonly record?: RecordId };
          views.push(record === undefined ? pairs.map((pair) => pair.record) : [record]);
        }
        return await reader.agent.submit(submissions, ...rest);
      },
    });
    const record = chart.records.find((each) => each.record === ids[part]) ?? assert.fail();
    const places: number[] = [];
    const read = await readParts(counting, chart, record, (place) => places.push(place));
    const whole = reassembleBundle(contentsOf(read));
    assert.deepEqual(whole, { complete: true, bundle: six });
    assert.equal(new Set(places).size, places.length);
    return views;
  }

  it('are one of the part that is named, and one of all others, from the first or the last part', async () => {
    assert.ok(ids.length > 4);
    for (const reader of [care.patient, care.doctor]) {
      for (const part of [0, ids.length - 1]) {
        const others = ids.filter((_, place) => place !== part);
        const [named, ...sets] = await viewedFrom(part, reader);
        assert.deepEqual(named, [ids[part]]);
        assert.deepEqual(
          sets.map((set) => set.toSorted()),
          [others.toSorted()],
        );
      }
    }
  });

  it('are three from a part between: of itself, of those before it with the first, and of those behind it', async () => {
    const views = await viewedFrom(2, care.doctor);
    assert.deepEqual(
      views.map((set) => set.toSorted()),
      [ids.slice(2, 3), ids.slice(0, 2), ids.slice(3)].map((set) => set.toSorted()),
    );
  });

  it('are one of each part if coordinators dispute one of several, as while some lack an entry', async () => {
    const { patient, handle } = care;
    const chart = await readChart(patient, { handle, purpose, after: [] });
    const [first = assert.fail()] = chart.records.filter((each) => each.record === ids[0]);
    const problem = new MedsealError('ANSWER_DISPUTED', {}).toProblem();
    let sets = 0;
    const disputed = behind(patient, {
      submit: async (submissions, ...rest) => {
        if (!submissions.some(({ pairs }) => pairs !== undefined))
          return await patient.agent.submit(submissions, ...rest);
        sets += 1;
        return submissions.map(() => ({ outcome: 'refused', problem }));
      },
    });
    const read = await readParts(disputed, chart, first);
    assert.deepEqual(reassembleBundle(contentsOf(read)), { complete: true, bundle: six });
    assert.equal(sets, 1);
  });

  it('are of the records alone that an amended first part names', async () => {
    const { patient, handle } = care;
    const chart = await readChart(patient, { handle, purpose, after: [] });
    const old = await readParts(
      patient,
      chart,
      chart.records.find((each) => each.record === ids[0]) ?? assert.fail(),
    );
    const amended = { ...six, entry: (six.entry ?? []).slice(0, 5) };
    const act = { party: patient.address, at: 1_700_000_000, purpose } as const;
    const edition = bytesToHex(patient.random(16));
    const logged: RecordId[] = [];
    for (const { contentAfter, ...version } of amendParts(old, amended, { ...act, edition })) {
      const content = contentAfter?.(logged) ?? version.content;
      logged.push((await addRecord(patient, { ...version, handle, content, purpose })).record);
    }
    const again = await readChart(patient, { handle, purpose, after: [] });
    const first = again.records.filter((each) => each.record === ids[0]).at(-1) ?? assert.fail();
    const views: number[] = [];
    const counting = behind(patient, {
      submit: async (submissions, ...rest) => {
        views.push(...submissions.map(({ pairs = [] }) => pairs.length));
        return await patient.agent.submit(submissions, ...rest);
      },
    });
    const read = await readParts(counting, again, first);
    assert.deepEqual(reassembleBundle(contentsOf(read)), { complete: true, bundle: amended });
    assert.ok(views.length <= 2, `${views.length} views`);
  });
});

describe('an amendment of a whole bundle that goes against an amendment of one part', () => {
  let network: TestNetwork;
  let care: Care;
  beforeEach(async () => {
    network = await startTestNetwork({ cared: true });
    care = await startCare(network);
  });
  afterEach(async () => await network.close());

  async function write(part: Part, amends?: ChartRecord): Promise<void> {
    const { patient, handle } = care;
    const { category } = part;
    const content = encodePart(part.content);
    await addRecord(patient, { handle, category, content, purpose, ...(amends && { amends }) });
  }

  async function read(at = 0): Promise<readonly PartRecord[]> {
    const chart = await readChart(care.patient, { handle: care.handle, purpose, after: [] });
    const record = chart.records.at(at) ?? assert.fail();
    return await readParts(care.patient, chart, record);
  }

  async function log(versions: readonly NextVersion[]): Promise<void> {
    const logged: RecordId[] = [];
    for (const { contentAfter, ...version } of versions) {
      const { patient, handle } = care;
      const content = contentAfter?.(logged) ?? version.content;
      const { record } = await addRecord(patient, { ...version, handle, content, purpose });
      logged.push(record);
    }
  }

  async function amend(parts: readonly PartRecord[], amended: Bundle): Promise<void> {
    const edition = bytesToHex(care.patient.random(16));
    await log(amendParts(parts, amended, { ...act, edition }));
  }

  const act = { party: `0x${'ab'.repeat(20)}`, at: 1_700_000_000, purpose } as const;

  // @attack somebody puts other bytes in a part's place, or another record that says it is the part | the newest version that is a part is read, of the record that is the part
  it('leaves the whole as it was where somebody puts something else in a part’s place, and writes it again', async () => {
    const two = entries('Patient', 'Goal');
    const parts = splitBundle(two, { set: `0x${'55'.repeat(16)}` });
    for (const part of parts) await write(part);
    const before = await read();
    const goal = before.find(({ content }) => content.part === 1)?.record ?? assert.fail();
    const { patient, handle } = care;
    const content = utf8ToBytes('no part');
    await addRecord(patient, { handle, category: goal.category, content, purpose, amends: goal });
    const [, second = assert.fail()] = parts;
    // Another record says that it is the same part.
    const other = { ...second.content, entries: entries('CarePlan').entry ?? [] };
    await write({ category: second.category, content: other });
    const after = await read();
    assert.deepEqual(reassembleBundle(contentsOf(after)), { complete: true, bundle: two });
    assert.deepEqual(
      after.filter(({ replaced }) => replaced).map(({ record }) => record.version),
      [2],
    );
    // The next amendment of the whole writes it again, though nothing else changes.
    const edition = `0x${'66'.repeat(16)}` as const;
    const marked = after.map((part) =>
      part.replaced ? { ...part.content, edition } : part.content,
    );
    const mended = amendBundle(marked, two, { ...act, edition });
    assert.deepEqual(
      mended.map(({ content: { part } }) => part),
      [1],
    );
    for (const part of mended) await write(part, recordOf(after, part));
    const whole = await read();
    assert.deepEqual(reassembleBundle(contentsOf(whole)), { complete: true, bundle: two });
    assert.ok(whole.every(({ replaced }) => replaced === undefined));
  });

  for (const [what, marks] of [
    ['part 2', { part: 2 }],
    ['a part of another bundle', { set: `0x${'77'.repeat(16)}` as const }],
    ['of another category', { part: 2, category: 'billing' }],
  ] as const) {
    // @attack who may amend one part has its record say that it is another part, of another bundle or of another category | whoever added a record says what it is: what is something else counts for nothing
    it(`leaves the whole as it was where who may amend part 1 has it say that it is ${what}`, async () => {
      const three = entries('Patient', 'Goal', 'Claim');
      const parts = splitBundle(three, { set: `0x${'88'.repeat(16)}` });
      for (const part of parts) await write(part);
      const goal = (await read()).find(({ content }) => content.part === 1) ?? assert.fail();
      const { doctor, handle } = care;
      const { category } = goal.record;
      const content = encodePart({
        ...goal.content,
        ...marks,
        entries: entries('CarePlan').entry ?? [],
      });
      const { grant } = care.right;
      const version = {
        handle,
        category,
        content,
        purpose: 'TREAT',
        grant,
        amends: goal.record,
      } as const;
      await addRecord(doctor, version);
      const seen = reassembleBundle(contentsOf(await read()));
      assert.deepEqual(seen, { complete: true, bundle: three });
    });
  }

  // @attack a writer says in advance to have the part that the next amendment of somebody's bundle will add, so that theirs is taken or the bundle is torn | part 0 names the record of each part; before, only what its author added counts
  it('takes what somebody else claimed in advance for no part of it', async () => {
    const two = entries('Patient', 'Goal');
    for (const part of splitBundle(two, { set: `0x${'99'.repeat(16)}` })) await write(part);
    const { content: goal } = (await read())[1] ?? assert.fail();
    const { doctor, handle } = care;
    const claim = async (part: number): Promise<void> => {
      const entry = entries('CarePlan').entry ?? [];
      const content = encodePart({ ...goal, part, category: 'billing', entries: entry });
      const { grant } = care.right;
      await addRecord(doctor, { handle, category: 'billing', content, purpose: 'TREAT', grant });
    };
    for (const part of [1, 2, 3]) await claim(part);
    const before = await read();
    assert.deepEqual(reassembleBundle(contentsOf(before)), { complete: true, bundle: two });

    const three = entries('Patient', 'Goal', 'Claim');
    await amend(before, three);
    const after = await read();
    assert.deepEqual(reassembleBundle(contentsOf(after)), { complete: true, bundle: three });
    const { patient } = care;
    assert.ok(after.every(({ record }) => record.author === patient.address));

    // Nor is the bundle read, or amended, by what was only claimed.
    const chart = await readChart(patient, { handle, purpose, after: [] });
    const claimed = chart.records.find(({ author }) => author === doctor.address) ?? assert.fail();
    await assert.rejects(readParts(patient, chart, claimed), failsWith('ARGUMENT_INVALID'));
  });

  it('goes on with the new parts of their own amendment that was broken off', async () => {
    const two = entries('Patient', 'Goal');
    for (const part of splitBundle(two, { set: `0x${'aa'.repeat(16)}` })) await write(part);
    const three = entries('Patient', 'Goal', 'Claim');
    const edition = `0x${'33'.repeat(16)}` as const;
    const [added = assert.fail()] = amendParts(await read(), three, { ...act, edition });
    await log([added]);
    const torn = await read(-1);
    const unfinished = { complete: true, bundle: two, unfinished: [2] };
    assert.deepEqual(reassembleBundle(contentsOf(torn)), unfinished);
    await amend(torn, three);
    const whole = await read();
    assert.deepEqual(reassembleBundle(contentsOf(whole)), { complete: true, bundle: three });
    assert.deepEqual(
      whole.map(({ record }) => record.version),
      [2, 1, 2],
    );
  });

  // @attack one amends a part while another amends the whole bundle, and it is never whole again | it is seen with part 0, which comes last; until then the bundle before it is
  it('changes nothing that is seen until it is whole, and is whole once it is done again', async () => {
    const three = entries('Patient', 'Condition', 'Condition', 'Claim');
    for (const part of splitBundle(three, { set: `0x${'22'.repeat(16)}` })) await write(part);
    const before = await read();
    const amended = entries('Patient', 'Condition');
    const edition = `0x${'33'.repeat(16)}` as const;
    const changed = amendBundle(contentsOf(before), amended, { ...act, edition });
    assert.deepEqual(
      changed.map(({ content }) => content.part),
      [1, 2, 0],
    );

    // Meanwhile somebody amends the claim, where it lies.
    const claim = contentsOf(before).find(({ part }) => part === 2) ?? assert.fail();
    const paid = { resource: { resourceType: 'Claim', status: 'active' } } as BundleEntry;
    const inPlace = amendPart(claim, { ...bundle, entry: [paid] }, act);
    await write(
      { category: claim.category, content: inPlace },
      recordOf(before, changed[1] ?? assert.fail()),
    );
    const [first = assert.fail(), second = assert.fail()] = changed;
    await write(first, recordOf(before, first));
    await assert.rejects(write(second, recordOf(before, second)), failsWith('REQUEST_ALTERED'));

    const torn = await read();
    const seen = { ...three, entry: [...(three.entry ?? []).slice(0, 3), paid] };
    const unfinished = { complete: true, bundle: seen, unfinished: [1] };
    assert.deepEqual(reassembleBundle(contentsOf(torn)), unfinished);

    const again = amendBundle(contentsOf(torn), amended, {
      ...act,
      edition: `0x${'44'.repeat(16)}`,
    });
    for (const part of again) await write(part, recordOf(torn, part));
    const mended = reassembleBundle(contentsOf(await read()));
    assert.deepEqual(mended, { complete: true, bundle: amended });
  });
});

function contentsOf(parts: readonly PartRecord[]): PartContent[] {
  return parts.map(({ content }) => content);
}

function recordOf(parts: readonly PartRecord[], { content }: Part): ChartRecord | undefined {
  return parts.find((each) => each.content.part === content.part)?.record;
}

function entries(...types: readonly string[]): Bundle {
  const entry = types.map((resourceType) => ({ resource: { resourceType } }));
  return { ...bundle, entry } as unknown as Bundle;
}
