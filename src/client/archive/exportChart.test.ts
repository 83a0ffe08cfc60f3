import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, concatBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createValidator } from '../../fhir/createValidator.ts';
import { parseFhirJson } from '../../fhir/parseFhirJson.ts';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { addRecord } from '../records/addRecord.ts';
import { ArchiveWriter } from './ArchiveWriter.ts';
import { archiveEntries, type ArchiveEntry } from './archiveEntries.ts';
import { examineArchive, type ArchiveContext, type ExaminedArchive } from './examineArchive.ts';
import { exportChart, type ChartExported } from './exportChart.ts';
import { formatManifest, manifestOf } from './Manifest.ts';
import { derivedFile } from './tailFiles.ts';
import { TAR_END, tarFile, tarHeader } from './tarHeader.ts';
import { covered, fillChart } from './test/exportedChart.ts';
import { memoryArchive, type MemoryArchive } from './test/memoryArchive.ts';

let network: TestNetwork;
let care: Care;
let context: ArchiveContext;
let archive: Uint8Array;
let entries: readonly ArchiveEntry[];
let made: ChartExported;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  await fillChart(care);
  const { domain, primitives, createSha256, cipher } = care.stranger;
  context = { network: network.file, domain, primitives, createSha256, ...(cipher && { cipher }) };
  const file = memoryArchive();
  made = await exportChart(covered(network, care.patient), file);
  archive = file.bytes();
  entries = await entriesOf(archive);
});
after(async () => await network.close());

async function entriesOf(bytes: Uint8Array): Promise<readonly ArchiveEntry[]> {
  const all: ArchiveEntry[] = [];
  for await (const entry of archiveEntries(memoryArchive(bytes))) all.push(entry);
  return all;
}

async function examined(bytes: Uint8Array): Promise<ExaminedArchive> {
  return await examineArchive(context, memoryArchive(bytes));
}

/** The paths that have faults, each once. */
async function faulty(bytes: Uint8Array): Promise<readonly string[]> {
  const { faults } = await examined(bytes);
  return [...new Set(faults.map(({ path }) => path))];
}

function named(ending: string): ArchiveEntry {
  const found = entries.find(({ name }) => name.endsWith(ending));
  assert.ok(found, ending);
  return found;
}

function contentOf(ending: string): Uint8Array {
  const { from, to } = named(ending);
  return archive.subarray(from, to);
}

function withBytes(at: number, bytes: Uint8Array): Uint8Array {
  const changed = archive.slice();
  changed.set(bytes, at);
  return changed;
}

function flipped(at: number): Uint8Array {
  return withBytes(at, Uint8Array.of((archive[at] ?? 0) ^ 1));
}

/** The archive with a file in it that is put before another. */
function inserted(before: string, file: Uint8Array): Uint8Array {
  const { at } = named(before);
  return concatBytes(archive.subarray(0, at), file, archive.subarray(at));
}

/** An archive without the first record, with a bundle, a summary and a list that fit what is left. */
async function withoutFirst(code?: string): Promise<{ bytes: Uint8Array; folder: string }> {
  const seal = named('seal.json');
  const end = entries[entries.indexOf(seal) + 1]?.end ?? 0;
  const kept = concatBytes(archive.subarray(0, seal.at), archive.subarray(end));
  const file = memoryArchive(kept.slice(0, named('bundle.json').at - (end - seal.at)));
  const begun = await examineArchive(context, file);
  const { subject, standing, erased } = begun;
  assert.ok(subject);
  const writing = new ArchiveWriter(care.patient, file, begun);
  for (const name of ['bundle.json', 'summary.json']) {
    const records = writing.inOrder(standing);
    await writing.addStream(name, () => derivedFile(name, file, records, subject));
  }
  const { record = '0x', version = 1 } = standing[0]?.write ?? {};
  const left = code === undefined ? [] : [{ record, version, code }];
  const manifest = formatManifest(manifestOf(subject, writing.files, erased, left));
  await file.append(tarFile('manifest.json', manifest));
  await file.append(new Uint8Array(TAR_END));
  return { bytes: file.bytes(), folder: seal.name.replace('/seal.json', '') };
}

/** Counts sealed files that are asked for. */
function counting(): { readonly lies: Partial<AgentPort>; readonly asked: string[] } {
  const asked: string[] = [];
  const { agent } = care.patient;
  const download: AgentPort['download'] = (ticket, file, range) => {
    asked.push(file);
    return agent.download(ticket, file, range);
  };
  return { lies: { download }, asked };
}

async function goneOn(file: MemoryArchive): Promise<{ asked: readonly string[] } & ChartExported> {
  const { lies, asked } = counting();
  return { ...(await exportChart(covered(network, care.patient, lies), file)), asked };
}

describe('an archive of a chart', () => {
  it('holds every version with its proof, the audit, rights, one bundle, a summary and a list', async () => {
    const { faults, proven, isPinned, left } = await examined(archive);
    assert.deepEqual([faults, left, isPinned], [[], [], true]);
    assert.equal(proven.length, made.records);
    const names = entries.map(({ name }) => name.replace(/^records\/.*\//, ''));
    assert.deepEqual(names.slice(0, 4), [
      'README.txt',
      'network.json',
      'rights.json',
      'chain.json',
    ]);
    assert.deepEqual(names.slice(-3), ['bundle.json', 'summary.json', 'manifest.json']);
    assert.equal(names.filter((name) => name === 'seal.json').length, made.records);
    assert.ok(names.includes('content.pdf') && names.includes('content.bin'));
    assert.ok(archive.length % 512 === 0);
  });

  it('has all FHIR as it was written in one valid bundle, of each record the newest version', () => {
    const validator = createValidator(loadFhirDefinitions());
    const bytes = contentOf('bundle.json');
    const bundle = validator.validateBundle(parseFhirJson(bytes));
    const types = bundle.entry?.map(({ resource }) => resource?.resourceType).toSorted();
    assert.deepEqual(types, ['AllergyIntolerance', 'DocumentReference', 'Observation', 'Patient']);
    assert.match(bytesToUtf8(bytes), /"value":4\.20/);
  });

  it('has a valid summary, whose required sections are there also if the chart has none of it', () => {
    const validator = createValidator(loadFhirDefinitions());
    const summary = validator.validateBundle(parseFhirJson(contentOf('summary.json')));
    const composition = summary.entry?.[0]?.resource;
    assert.ok(composition?.resourceType === 'Composition');
    const sections = composition.section?.map(({ title, entry, emptyReason }) => [
      title,
      entry?.length ?? emptyReason?.coding?.[0]?.code,
    ]);
    assert.deepEqual(sections, [
      ['Medication Summary', 'unavailable'],
      ['Allergies and Intolerances', 1],
      ['Problem List', 'unavailable'],
      ['Results', 1],
    ]);
    assert.match(composition.section?.[1]?.text?.div ?? '', /Penicillin &lt;b&gt; &amp; more/);
    const urls = summary.entry?.map(({ fullUrl }) => fullUrl) ?? [];
    assert.ok(urls.includes(composition.subject?.reference) && new Set(urls).size === urls.length);
  });

  for (const part of [
    'the header',
    'the first byte',
    'the middle',
    'the last byte',
    'what follows',
  ]) {
    it(`shows an altered byte in ${part} of each of its files`, async () => {
      for (const { name, at, from, to, size, end } of entries) {
        const places: Readonly<Record<string, number>> = {
          'the header': at + (size % 150),
          'the first byte': from,
          'the middle': from + Math.floor(size / 2),
          'the last byte': to - 1,
          'what follows': end > to ? end - 1 : to - 1,
        };
        const place = places[part] ?? at;
        const found = await faulty(flipped(place));
        assert.ok(found.length > 0, `${name} at ${place}`);
        const folder = name.slice(0, name.lastIndexOf('/'));
        const names = [name, folder, name.replace('seal.', 'content.'), 'the archive'];
        assert.ok(
          found.some((path) => names.includes(path) || path.startsWith(`${folder}/content`)),
          `${name} at ${place}: ${found.join(', ')}`,
        );
      }
    });
  }

  it('shows a file that is missing', async () => {
    for (const { name, at, end } of entries) {
      const found = await faulty(concatBytes(archive.subarray(0, at), archive.subarray(end)));
      const folder = name.slice(0, name.lastIndexOf('/'));
      assert.ok(found.includes(name) || found.includes(folder), `${name}: ${found.join(', ')}`);
    }
  });

  it('shows a version that is missing also if everything else was made again to fit', async () => {
    const { bytes, folder } = await withoutFirst();
    assert.deepEqual((await examined(bytes)).faults, [
      { path: folder, reason: 'the record is missing' },
    ]);
    const stated = await withoutFirst('RECORD_ERASED');
    assert.deepEqual(await faulty(stated.bytes), [folder]);
  });

  it('takes no file that does not belong there, whatever its name', async () => {
    const content = utf8ToBytes('x');
    const folder = named('seal.json').name.replace('/seal.json', '');
    const wrong = [
      '../evil',
      '/etc/passwd',
      'records/../../evil',
      'C:\\evil',
      'notes.txt',
      `${folder}/extra.txt`,
      'records/000099-20260101T000000Z-other-0123456789-v1/content.bin',
      'README.txt',
      'successors.json',
      named('content.pdf').name,
    ];
    for (const name of wrong) {
      const found = await faulty(inserted('manifest.json', tarFile(name, content)));
      const isNamed = found.some((path) => path === name || name.startsWith(path));
      assert.ok(isNamed, `${name}: ${found.join(', ')}`);
    }
  });

  it('takes no link, folder, sparse or long entry, and no size beyond its end', async () => {
    const kinds = ['1', '2', '5', 'L', 'x', 'S', 'g'];
    for (const kind of kinds) {
      const header = tarHeader({ name: 'README.txt', size: 0 });
      header[156] = kind.charCodeAt(0);
      header.fill(0x20, 148, 156);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.set(utf8ToBytes(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
      assert.ok((await faulty(inserted('chain.json', header))).includes('the archive'), kind);
    }
    for (const size of [2 ** 33, 2 ** 40, archive.length]) {
      const header = tarHeader({ name: 'chain.json', size });
      assert.ok((await faulty(inserted('chain.json', header))).includes('the archive'));
    }
  });

  it('shows contents that were swapped between two versions', async () => {
    const [one, other] = entries.filter(({ name }) => name.endsWith('content.bin'));
    assert.ok(one && other);
    const [first, second] = [one, other].map(({ from, to }) => archive.subarray(from, to));
    assert.ok(first && second);
    const parts = [
      archive.subarray(0, one.at),
      tarFile(one.name, second),
      archive.subarray(one.end, other.at),
      tarFile(other.name, first),
      archive.subarray(other.end),
    ];
    const found = await faulty(concatBytes(...parts));
    assert.ok(found.includes(one.name) && found.includes(other.name));
  });

  it('proves nothing in another network, and of another chart’s audit', async (t) => {
    const other = await startTestNetwork({ cared: true, seed: 'another network' });
    t.after(async () => await other.close());
    const { domain } = (await startCare(other)).stranger;
    const source = memoryArchive(archive);
    const { faults, proven } = await examineArchive(
      { ...context, network: other.file, domain },
      source,
    );
    assert.deepEqual(proven, []);
    assert.ok(faults.some(({ path }) => path === 'chain.json'));
  });

  it('shows wherever it was cut off', async () => {
    for (const { at, from, to } of entries) {
      for (const place of [at, at + 100, from, Math.floor((from + to) / 2), to]) {
        const found = await faulty(archive.subarray(0, place));
        assert.ok(found.includes('manifest.json') || found.includes('the archive'), `${place}`);
      }
    }
    assert.deepEqual(await faulty(archive.subarray(0, -TAR_END)), ['the archive']);
    assert.deepEqual(await faulty(concatBytes(archive, new Uint8Array(512))), ['the archive']);
  });
});

async function refuse(): Promise<never> {
  return await Promise.reject(new MedsealError('PARTY_SUSPENDED', {}));
}

describe('an archive that was begun', () => {
  it('is gone on from wherever it was cut off, of the same moment, and asks for nothing twice', async () => {
    const contents = entries.filter(({ name }) => name.includes('/content.'));
    const places = [named('chain.json').end, contents[1]?.end ?? 0, (contents[2]?.from ?? 0) + 5];
    for (const place of [...places, named('bundle.json').from + 3, named('manifest.json').at + 7]) {
      const file = memoryArchive(archive.slice(0, place));
      const there = contents.filter(({ end }) => end <= place).length;
      const again = await goneOn(file);
      assert.deepEqual([again.before, again.records, again.at], [there, made.records, made.at]);
      assert.equal(new Set(again.asked).size, again.asked.length);
      assert.equal(again.asked.length, made.records - there);
      assert.deepEqual(await faulty(file.bytes()), []);
    }
  });

  it('begins again if it was cut off before its audit was whole', async () => {
    for (const place of [100, named('chain.json').from + 9]) {
      const file = memoryArchive(archive.slice(0, place));
      assert.equal((await goneOn(file)).before, 0);
      assert.deepEqual(await faulty(file.bytes()), []);
    }
  });

  it('stays as it is once it is whole, and keeps its moment when the chart goes on', async () => {
    const { doctor, handle, right } = care;
    const cut = memoryArchive(archive.slice(0, named('bundle.json').at));
    const content = utf8ToBytes('later');
    const by = { handle, purpose: 'TREAT', grant: right.grant } as const;
    await addRecord(doctor, { ...by, category: 'other', content });
    const whole = memoryArchive(archive.slice());
    assert.equal((await goneOn(whole)).before, made.records);
    assert.deepEqual(whole.bytes(), archive);
    assert.equal((await goneOn(cut)).records, made.records);
    assert.deepEqual(cut.bytes(), archive);
    const fresh = memoryArchive();
    assert.equal((await goneOn(fresh)).records, made.records + 1);
  });

  it('writes a damaged record again', async () => {
    const file = memoryArchive(flipped(named('content.pdf').from + 100));
    const again = await goneOn(file);
    assert.ok(again.before < made.records && again.records === made.records);
    assert.deepEqual(await faulty(file.bytes()), []);
  });

  it('is left as it is if no node gives the chart', async () => {
    const patient = covered(network, care.patient, { submit: refuse });
    for (const bytes of [
      flipped(named('content.pdf').from + 100),
      archive.slice(0, named('content.pdf').from + 100),
    ]) {
      const file = memoryArchive(bytes);
      await assert.rejects(exportChart(patient, file), failsWith('PARTY_SUSPENDED'));
      assert.equal(file.bytes(), bytes);
    }
  });

  it('refuses a file of another patient or of something else, and leaves it as it is', async () => {
    const other = await network.party('patient');
    const files = [utf8ToBytes('my diary'), archive.slice(), archive.slice(0, 700)];
    for (const [place, bytes] of files.entries()) {
      const file = memoryArchive(bytes);
      const by = place === 0 ? care.patient : other;
      await assert.rejects(exportChart(covered(network, by), file), failsWith('ARGUMENT_INVALID'));
      assert.equal(file.bytes(), bytes);
    }
  });

  it('is left as it is if what stands before its records was altered', async () => {
    const altered = [
      flipped(named('rights.json').from + 20),
      flipped(named('rights.json').at + 3),
      flipped(named('chain.json').from),
      flipped(named('chain.json').to - 9),
      inserted('chain.json', tarFile('notes.txt', utf8ToBytes('mine'))),
    ];
    for (const [place, bytes] of altered.entries()) {
      const file = memoryArchive(bytes);
      await assert.rejects(goneOn(file), failsWith('ARGUMENT_INVALID'), `${place}`);
      assert.equal(file.bytes(), bytes, `${place}`);
    }
  });

  it('is for patients alone', async () => {
    const file = memoryArchive();
    await assert.rejects(exportChart(care.doctor, file), failsWith('NOT_FOUND'));
    assert.equal(file.bytes().length, 0);
  });

  it('passes on a failure of the disk, and goes on after it', async () => {
    const file = memoryArchive(undefined, named('content.pdf').from + 70_000);
    await assert.rejects(exportChart(covered(network, care.patient), file), /the process ended/);
    const again = memoryArchive(file.bytes());
    await goneOn(again);
    assert.deepEqual(await faulty(again.bytes()), []);
  });

  it('names records that cannot be read now, and has them after another call', async () => {
    const { agent } = care.patient;
    const away: AgentPort['download'] = (ticket, file, range) => {
      if (file !== missing) return agent.download(ticket, file, range);
      throw new MedsealError('FILE_ABSENT', {});
    };
    const { proven } = await examined(archive);
    const missing = proven[1]?.write.file;
    const file = memoryArchive();
    const first = await exportChart(covered(network, care.patient, { download: away }), file);
    assert.deepEqual(
      first.left.map(({ record, code }) => [record, code]),
      [[proven[1]?.write.record, 'FILE_ABSENT']],
    );
    const { faults, left } = await examined(file.bytes());
    assert.equal(left.length, 1);
    assert.deepEqual(
      faults.map(({ reason }) => reason),
      ['the record could not be read when the archive was made (FILE_ABSENT)'],
    );
    const again = await goneOn(file);
    assert.deepEqual([again.left, again.asked], [[], [missing]]);
    assert.deepEqual(await faulty(file.bytes()), []);
  });

  it('lists what the patient erased, and needs none of it', async () => {
    const { patient } = care;
    const before = await examined(archive);
    const reports = before.proven.filter(({ write }) => write.category === 'reports');
    const cut = memoryArchive(archive.slice(0, reports[0]?.content.at));
    await eraseKeys(patient, 'reports');
    const file = memoryArchive();
    const erased = await goneOn(file);
    assert.equal(erased.erased, reports.length);
    const found = await examined(file.bytes());
    assert.deepEqual(found.faults, []);
    assert.ok(found.proven.every(({ write }) => write.category !== 'reports'));
    // The one that was begun before says which it did not get.
    const { left } = await goneOn(cut);
    assert.equal(left.length, reports.length);
  });

  it('keeps versions behind an altered one that were erased since: nobody gives them again', async () => {
    const bytes = flipped((entries.find(({ name }) => name.includes('/content.'))?.from ?? 0) + 1);
    const file = memoryArchive(bytes);
    await assert.rejects(goneOn(file), failsWith('ARGUMENT_INVALID'));
    assert.equal(file.bytes(), bytes);
  });
});
