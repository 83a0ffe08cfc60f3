import type { DocumentReference, ProvenanceEntity } from '@medplum/fhirtypes';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { attachedRecords } from '../../fhir/attachedRecords.ts';
import { makeDocumentReference } from '../../fhir/makeDocumentReference.ts';
import { partOfResource } from '../../fhir/partOfResource.ts';
import type { PartContent } from '../../fhir/Part.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { attachedTo } from '../records/attachedTo.ts';
import { newestOfEach } from '../records/newestOfEach.ts';
import { partIn } from '../records/readParts.ts';
import { readChart, type Chart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { readWhole } from '../records/readWhole.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { dyingDevice } from '../test/dyingDevice.ts';
import { exportChart } from './exportChart.ts';
import { importChart, type ImportOffered } from './importChart.ts';
import { originFault, originsOf } from './origin.ts';
import { covered, fillChart } from './test/exportedChart.ts';
import { memoryArchive } from './test/memoryArchive.ts';

let first: TestNetwork;
let there: Care;
let network: TestNetwork;
let care: Care;
let archive: Uint8Array;

before(async () => {
  first = await startTestNetwork({ cared: true, seed: 'the first network' });
  network = await startTestNetwork({ cared: true });
  there = await startCare(first);
  care = await startCare(network);
  await fillChart(there);
  await forge();
  archive = await exported();
});
after(async () => {
  await first.close();
  await network.close();
});

/** A doctor adds a part that claims to be of the patient's bundle, and another that presents the patient's file over and over. */
async function forge(): Promise<void> {
  const { patient, doctor, handle, right } = there;
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const by = { handle, purpose: 'TREAT', grant: right.grant } as const;
  const scan = chart.records.find(
    ({ author, category }) => author === patient.address && category === 'allergies',
  );
  assert.ok(scan);
  const part = partIn((await readRecord(patient, chart, scan)).content, scan);
  assert.ok(part);
  const { whole: _, ...bare } = part;
  const note = { resource: { resourceType: 'Basic', id: 'forged' } } as never;
  const forged = { ...bare, part: 1, category: 'reports', entries: [note] } as const;
  await addRecord(doctor, { ...by, category: 'reports', content: encodePart(forged) });
  const own = await addRecord(patient, {
    handle,
    purpose: 'PATRQT',
    category: 'imaging',
    content: utf8ToBytes('a scan of the patient'),
  });
  const told = makeDocumentReference({ record: own.record, contentType: 'a/b', title: 'x', at: 1 });
  const content = Array.from({ length: 300 }, () => told.content).flat();
  const presents = partOfResource(`0x${'9'.repeat(32)}`, 'imaging', { ...told, content });
  await addRecord(doctor, { ...by, category: 'imaging', content: encodePart(presents) });
  const mine = partOfResource(`0x${'a'.repeat(32)}`, 'imaging', { ...told, content });
  await addRecord(patient, {
    handle,
    purpose: 'PATRQT',
    category: 'imaging',
    content: encodePart(mine),
  });
}

async function exported(): Promise<Uint8Array> {
  const file = memoryArchive();
  await exportChart(covered(first, there.patient), file);
  return file.bytes();
}

function origin() {
  return { network: first.file, domain: there.stranger.domain };
}

interface OpenedRecord {
  readonly record: ChartRecord;
  readonly content: Uint8Array;
  readonly part?: PartContent;
}

/** The newest versions on the chart that it was imported to. */
async function onChart(
  party: Party = care.patient,
): Promise<{ chart: Chart; all: readonly OpenedRecord[] }> {
  const chart = await readChart(party, { handle: care.handle, purpose: 'PATRQT' });
  const all: OpenedRecord[] = [];
  for (const record of newestOfEach(chart.records)) {
    const { content } = await readRecord(party, chart, record);
    const part = partIn(content, record);
    all.push({ record, content, ...(part && { part }) });
  }
  return { chart, all };
}

function flipped(at: number): Uint8Array {
  const changed = archive.slice();
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

describe('an archive that is brought along', () => {
  it('is offered first, and nothing is signed if the patient says no', async () => {
    let offered: ImportOffered | undefined;
    const asked = importChart(care.patient, memoryArchive(archive), origin(), {
      onOffered(what) {
        offered = what;
        throw new TypeError('no');
      },
    });
    await assert.rejects(asked, TypeError);
    assert.equal(offered?.network, first.file.networkId);
    assert.equal(offered.from, there.handle);
    assert.deepEqual(offered.categories, {
      demographics: 1,
      allergies: 1,
      laboratory: 2,
      reports: 3,
      imaging: 3,
    });
    assert.equal((await onChart()).all.length, 0);
  });

  it('goes on where it was cut off, wherever that was', async () => {
    let isWhole = false;
    for (let step = 6; !isWhole; step += 9) {
      const { party } = dyingDevice(care.patient, step, step % 2 === 0);
      const cut = await importChart(party, memoryArchive(archive), origin()).catch(() => undefined);
      isWhole ||= cut?.left.length === 0;
    }
    await importChart(care.patient, memoryArchive(archive), origin());
    const { chart } = await onChart();
    // Nothing is there twice: each record in one version.
    assert.ok(chart.records.every(({ version }) => version === 1));
    assert.equal(chart.records.length, new Set(chart.records.map(({ record }) => record)).size);
  });

  it('puts the newest version of each record on the chart, in its category, by the patient', async () => {
    const { all } = await onChart();
    assert.equal(all.length, 11);
    assert.ok(all.every(({ record }) => record.author === care.patient.address));
    const texts = all.filter(({ part }) => part === undefined).map(({ content }) => content);
    assert.ok(texts.some((content) => bytesToUtf8(content.subarray(0, 6)) === 'second'));
    assert.ok(!texts.some((content) => bytesToUtf8(content.subarray(0, 5)) === 'first'));
    const bundle = all.find(({ part }) => part?.category === 'allergies');
    assert.ok(bundle);
    const { chart } = await onChart();
    const parts = await readWhole(care.patient, chart, bundle.record);
    assert.equal(parts.length, 3);
  });

  it('says of each part who wrote it where, and proves it with the first network’s file alone', async () => {
    const { chart, all } = await onChart();
    const { primitives } = care.stranger;
    const context = { ...origin(), primitives };
    const told = new Set<string>();
    for (const { part, record } of all) {
      // Of files that are named more than once, nobody says which one is the file.
      if (part === undefined || part.category === 'imaging') continue;
      const origins = originsOf(part);
      assert.ok(origins.length > 0);
      for (const each of origins) {
        const file = attachedTo(chart, part, record);
        const content =
          each.replaced !== undefined || file === undefined
            ? undefined
            : (await readRecord(care.patient, chart, file)).content;
        assert.equal(await originFault(context, part, each, content && once(content)), undefined);
        told.add(each.author);
        const networks = part.provenance?.entity?.map(networkOf);
        assert.ok(networks?.every((from) => from === first.file.networkId));
      }
    }
    assert.deepEqual(
      [...told].toSorted(),
      [there.patient.address, there.doctor.address].toSorted(),
    );
  });

  it('leads from what tells of a file to the file here', async () => {
    const { chart, all } = await onChart();
    const letters = all.filter(
      ({ part }) => part && part.entries.some(({ resource }) => attachedRecords(resource).length),
    );
    assert.equal(letters.length, 4);
    const led = letters.filter(({ part, record }) => part && attachedTo(chart, part, record));
    assert.equal(led.length, 2);
  });

  it('keeps a bundle apart from a part that another author says is of it, and a file from another’s description', async () => {
    const { all } = await onChart();
    const forged = all.find(({ part }) => part?.entries[0]?.resource?.id === 'forged');
    const genuine = all.find(({ part }) => part?.category === 'allergies');
    assert.ok(forged?.part && genuine?.part);
    assert.notEqual(forged.part.set, genuine.part.set);
    const images = all.filter(({ part }) => part?.category === 'imaging');
    const here = new Set(all.map(({ record }) => record.record));
    const tells = images.map(({ part }) =>
      part?.entries
        .flatMap(({ resource }) => attachedRecords(resource))
        .some((each) => here.has(each)),
    );
    assert.equal(tells.filter((each) => each === true).length, 1);
    // One proof of a file, however often it is named.
    for (const { content } of images) assert.ok(content.length < 150_000, `${content.length}`);
  });

  it('is not proven with the file of another, or an address in place of a record’s', async () => {
    const { all } = await onChart();
    const context = { ...origin(), primitives: care.stranger.primitives };
    const letter = all.find(({ part }) => part && originsOf(part).length === 2)?.part;
    const other = all.find(({ part }) => part?.category === 'laboratory')?.part;
    assert.ok(letter && other);
    const [own, file] = originsOf(letter);
    const [foreign] = originsOf(other);
    assert.ok(own && file && foreign);
    const pointing = (url: string): PartContent => {
      const [entry] = letter.entries;
      const { resource } = entry as { resource: DocumentReference };
      const content = resource.content.map((each) => ({
        ...each,
        attachment: { ...each.attachment, url },
      }));
      return { ...letter, entries: [{ ...entry, resource: { ...resource, content } }] };
    };
    const elsewhere = pointing('https://example.org/letter.pdf');
    assert.match((await originFault(context, elsewhere, own)) ?? '', /not that of a record/);
    const swapped = pointing(`Binary/${foreign.write.record.slice(2)}`);
    const bytes = once(utf8ToBytes('third'));
    assert.match(
      (await originFault(context, swapped, foreign, bytes)) ?? '',
      /did not tell of this file/,
    );
    assert.notEqual(
      await originFault(context, swapped, file, once(utf8ToBytes('third'))),
      undefined,
    );
  });

  it('is not proven by anything else: another content, author, network or file', async () => {
    const { all } = await onChart();
    const { primitives } = care.stranger;
    const context = { ...origin(), primitives };
    const found = all.find(({ part }) => part?.category === 'allergies')?.part;
    const other = all.find(({ part }) => part?.category === 'demographics')?.part;
    assert.ok(found && other);
    const [own] = originsOf(found);
    const [others] = originsOf(other);
    assert.ok(own && others);
    const [entry] = found.entries;
    const altered = {
      ...found,
      entries: [{ ...entry, resource: { resourceType: 'AllergyIntolerance' } as never }],
    };
    const wrong: readonly (readonly [PartContent, typeof own])[] = [
      [altered, own],
      [found, others],
      [{ ...found, category: 'conditions' }, own],
      [found, { ...own, seal: others.seal }],
      [found, { ...own, acknowledgement: others.acknowledgement }],
      [found, { ...own, acknowledgement: { ...own.acknowledgement, verdicts: [] } }],
    ];
    for (const [place, [part, claim]] of wrong.entries()) {
      assert.notEqual(await originFault(context, part, claim), undefined, `${place}`);
    }
    const here = { network: network.file, domain: care.stranger.domain, primitives };
    assert.match((await originFault(here, found, own)) ?? '', /comes from the network/);
    const { replaced: _, ...asFile } = own;
    assert.equal(await originFault(context, found, asFile), 'the part did not tell of this file');
  });

  it('adds nothing twice, on this device or another of the patient', async () => {
    const before = await onChart();
    for (const party of [care.patient, await restored()]) {
      const steps: string[] = [];
      const done = await importChart(party, memoryArchive(archive), origin(), {
        onRecord: (at, of) => steps.push(`${at}/${of}`),
      });
      assert.deepEqual([done.left, done.faults, done.again], [[], [], false]);
      assert.equal(done.before, done.records);
      assert.equal(steps.at(-1), `${done.records}/${done.records}`);
    }
    assert.equal((await onChart()).chart.records.length, before.chart.records.length);
  });

  it('amends what has a newer version in a later archive', async () => {
    const { doctor, handle, right } = there;
    const { chart } = await readChartThere();
    const record = newestOfEach(chart.records).find(
      ({ version, category }) => version === 2 && category === 'laboratory',
    );
    assert.ok(record);
    await addRecord(doctor, {
      handle,
      purpose: 'TREAT',
      grant: right.grant,
      category: 'laboratory',
      content: utf8ToBytes('third'),
      amends: record,
    });
    const later = memoryArchive(await exported());
    const count = (await onChart()).all.length;
    const done = await importChart(care.patient, later, origin());
    assert.deepEqual([done.left, done.records - done.before], [[], 1]);
    const { all } = await onChart();
    assert.equal(all.length, count);
    const third = all.find(({ content }) => bytesToUtf8(content.subarray(0, 5)) === 'third');
    assert.equal(third?.record.version, 2);
    const again = await importChart(await restored(), later, origin());
    assert.equal(again.before, again.records);
  });

  it('overwrites no file that somebody amended here', async () => {
    const { chart, all } = await onChart();
    const third = all.find(({ content }) => bytesToUtf8(content.subarray(0, 5)) === 'third');
    assert.ok(third);
    const { doctor, handle, right } = care;
    await addRecord(doctor, {
      handle,
      purpose: 'TREAT',
      grant: right.grant,
      category: 'laboratory',
      content: utf8ToBytes('amended here'),
      amends: third.record,
    });
    const old = newestOfEach((await readChartThere()).chart.records).find(
      ({ version, category }) => version === 3 && category === 'laboratory',
    );
    assert.ok(old && chart.records.length > 0);
    await addRecord(there.doctor, {
      handle: there.handle,
      purpose: 'TREAT',
      grant: there.right.grant,
      category: 'laboratory',
      content: utf8ToBytes('fourth'),
      amends: old,
    });
    const done = await importChart(care.patient, memoryArchive(await exported()), origin());
    assert.deepEqual(
      done.left.map(({ code }) => code),
      ['REQUEST_ALTERED'],
    );
    const now = (await onChart()).all.find(({ record }) => record.record === third.record.record);
    assert.equal(bytesToUtf8(now?.content ?? new Uint8Array()), 'amended here');
  });

  it('refuses an archive whose audit has a fault, that is another network’s, or of this very chart', async () => {
    const place = bytesToUtf8(archive.subarray(0, 2 ** 22)).indexOf('medseal-chain/1') + 400;
    const wrong = [
      importChart(care.patient, memoryArchive(flipped(place)), origin()),
      importChart(care.patient, memoryArchive(archive), {
        network: network.file,
        domain: care.stranger.domain,
      }),
      importChart(there.patient, memoryArchive(archive), origin()),
      importChart(care.patient, memoryArchive(utf8ToBytes('my diary')), origin()),
      importChart(care.patient, memoryArchive(), origin()),
    ];
    for (const each of wrong) await assert.rejects(each, failsWith('ARGUMENT_INVALID'));
    await assert.rejects(
      importChart(care.doctor, memoryArchive(archive), origin()),
      failsWith('NOT_FOUND'),
    );
  });

  it('leaves out a record that was altered, names it, and takes no older version in its place', async () => {
    const text = bytesToUtf8(archive.slice().map((byte) => (byte < 128 ? byte : 32)));
    const bytes = flipped(text.indexOf('Penicillin'));
    const done = await importChart(care.patient, memoryArchive(bytes), origin());
    assert.equal(done.left.length, 1);
    assert.equal(done.left[0]?.code, 'EVIDENCE_INVALID');
    assert.ok(done.faults.length > 0);
  });
});

async function restored(): Promise<Party> {
  const party = await furtherDevice(network, care.patient);
  await restorePatient(party);
  return party;
}

async function readChartThere(): Promise<{ chart: Chart }> {
  const { patient, handle } = there;
  return { chart: await readChart(patient, { handle, purpose: 'PATRQT' }) };
}

function networkOf({ what }: ProvenanceEntity): string | undefined {
  return what.identifier?.assigner?.identifier?.value;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
