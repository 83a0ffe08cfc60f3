import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Resource } from '@medplum/fhirtypes';
import {
  addRecord,
  grantRight,
  listKept,
  objectToRecord,
  readBundle,
  readChart,
  readObjections,
  readRecord,
  refreshPackets,
  type Chart,
  type ChartRecord,
  type LoggedVersion,
  type Party,
} from '../../../src/client/index.ts';
import { keepRecord } from '../../../src/client/kept/keepRecord.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { bytesToHex, utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { objectionsIn } from '../../../src/fhir/effectiveResource.ts';
import { encodePart } from '../../../src/fhir/encodePart.ts';
import { partOfResource } from '../../../src/fhir/partOfResource.ts';
import { failsWith } from '../../../src/protocol/test/failsWith.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../src/node/test/testNetwork.ts';
import { sayFhir } from '../fhir/sayFhir.ts';
import { englishWords } from '../fhir/test/englishWords.ts';
import { readCardLines } from '../screens/card/readCardLines.ts';
import { ChartReader, type ChartState } from './ChartReader.ts';
import { latestVitals } from '../screens/chart/latestVitals.ts';
import { amendFhir } from './amendFhir.ts';
import { keptHere } from './keptHere.ts';
import { openRecord } from './openRecord.ts';

/** Records of the doctor, which every face has to show with the objections to them. */
const WRITTEN = {
  allergy: {
    category: 'allergies',
    resource: { resourceType: 'AllergyIntolerance', code: { text: 'Penicillin' } },
  },
  problem: {
    category: 'conditions',
    resource: {
      resourceType: 'Condition',
      code: { text: 'Asthma' },
      subject: { display: 'Anna' },
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' },
        ],
      },
    },
  },
  vital: {
    category: 'vitals',
    resource: {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      valueQuantity: { value: 200, unit: '/min' },
    },
  },
  document: {
    category: 'reports',
    resource: {
      resourceType: 'DocumentReference',
      status: 'current',
      description: 'Letter',
      content: [{ attachment: { contentType: 'text/plain', data: 'eA==' } }],
    },
  },
} as const;
const NAMES = Object.keys(WRITTEN) as readonly (keyof typeof WRITTEN)[];
const said = (name: string): string => `${name}: that is wrong`;

let network: TestNetwork;
let care: Care;
let chart: Chart;
const written = new Map<string, LoggedVersion>();
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  for (const name of NAMES) {
    const { category, resource } = WRITTEN[name];
    await write(
      name,
      category,
      encodePart(
        partOfResource(bytesToHex(care.doctor.random(16)), category, resource as Resource),
      ),
    );
  }
  await write('note', 'other', utf8ToBytes('Drinks.'));
  const before = await own();
  for (const name of written.keys()) {
    await objectToRecord(care.patient, { record: recordOf(before, name), words: said(name) });
  }
  chart = await own();
});
after(async () => {
  assert.deepEqual(network.failures, []);
  await network.close();
});

async function write(name: string, category: Category, content: Uint8Array): Promise<void> {
  const { doctor, handle, right } = care;
  const terms = { handle, grant: right.grant, purpose: 'TREAT' } as const;
  written.set(name, await addRecord(doctor, { ...terms, category, content }));
}

async function own(): Promise<Chart> {
  return await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
}

async function doctors(): Promise<Chart> {
  const { handle, right } = care;
  return await readChart(care.doctor, { handle, grant: right.grant, purpose: 'TREAT' });
}

function recordOf({ records }: Chart, name: string): ChartRecord {
  return records.find(({ record }) => record === written.get(name)?.record) ?? assert.fail(name);
}

async function settled(reader: ChartReader): Promise<ChartState> {
  return await new Promise((resolve) => {
    const leave = reader.follow(() => {
      if (!reader.state().finished) return;
      leave();
      resolve(reader.state());
    });
  });
}

const textOf = (value: Parameters<typeof sayFhir>[0]): string => sayFhir(value, englishWords);

describe('a record that a doctor began', () => {
  // @actor a patient | puts a version of their own, or an empty one, in front of what a doctor wrote, so that doctors read that
  it('is neither amended nor withdrawn by the patient, and doctors go on reading what was written', async () => {
    const { patient, handle } = care;
    const terms = { handle, purpose: 'PATRQT', category: 'other' } as const;
    for (const content of [utf8ToBytes('Does not drink.'), new Uint8Array()]) {
      const amends = recordOf(chart, 'note');
      await assert.rejects(
        addRecord(patient, { ...terms, content, amends }),
        failsWith('LINE_OF_ANOTHER'),
      );
      const claimed = { ...amends, begunBy: patient.address };
      await assert.rejects(
        addRecord(patient, { ...terms, content, amends: claimed }),
        failsWith('REQUEST_MALFORMED'),
      );
    }
    const theirs = await doctors();
    const { content } = await readRecord(care.doctor, theirs, recordOf(theirs, 'note'));
    assert.equal(new TextDecoder().decode(content), 'Drinks.');
    assert.equal(
      theirs.records.every(({ version }) => version === 1),
      true,
    );
  });
});

describe('what a patient says against a record', () => {
  it('is refused without words, against the patient’s own, and against an objection', async () => {
    const { patient, handle } = care;
    const record = recordOf(chart, 'note');
    await assert.rejects(
      objectToRecord(patient, { record, words: ' ' }),
      failsWith('ARGUMENT_INVALID'),
    );
    const [objection = assert.fail()] = chart.records.filter(
      ({ about }) => about === record.record,
    );
    const again = objectToRecord(patient, { record: objection, words: 'x' });
    await assert.rejects(again, failsWith('ARGUMENT_INVALID'));
    const content = utf8ToBytes('mine');
    await addRecord(patient, { handle, purpose: 'PATRQT', category: 'other', content });
    const seen = await own();
    const mine = seen.records.find(
      ({ begunBy, about }) => begunBy === patient.address && /^0x0+$/.test(about),
    );
    const toMine = objectToRecord(patient, { record: mine ?? assert.fail(), words: 'x' });
    await assert.rejects(toMine, failsWith('ARGUMENT_INVALID'));
  });

  // @actor a doctor who may amend | changes or withdraws what the patient says against a record
  it('is not changed by the doctor, who may amend the record', async () => {
    const { doctor, handle, right } = care;
    const theirs = await doctors();
    const about = recordOf(theirs, 'note').record;
    const amends = theirs.records.find((each) => each.about === about) ?? assert.fail();
    const terms = { handle, grant: right.grant, purpose: 'TREAT', category: 'other' } as const;
    const content = utf8ToBytes('The patient agrees.');
    await assert.rejects(
      addRecord(doctor, { ...terms, content, amends }),
      failsWith('LINE_OF_ANOTHER'),
    );
  });

  it('stands in every face of a chart beside what was written', async () => {
    for (const [party, seen] of [
      [care.patient, chart],
      [care.doctor, await doctors()],
    ] as readonly (readonly [Party, Chart])[]) {
      const { arranged, resourcesIn } = await settled(new ChartReader(party, seen));
      const { allergies, problems, documents, vitals } = arranged;
      for (const items of [allergies, problems.active, documents]) {
        assert.match(
          textOf(items[0]?.title ?? ''),
          /^(Penicillin|Asthma|Letter) \(the patient objects\)$/,
        );
        const told = items[0]?.facts.filter(
          ({ label }) =>
            typeof label === 'object' && 'word' in label && label.word === 'fhir.objection',
        );
        assert.match(textOf(told?.[0]?.values[0] ?? ''), /: that is wrong$/);
      }
      assert.match(textOf(latestVitals(vitals)[0]?.title ?? ''), / \(the patient objects\)$/);
      for (const name of NAMES) {
        const [resource] = resourcesIn.get(recordOf(seen, name)) ?? [];
        assert.equal(objectionsIn(resource)[0]?.words, said(name), name);
        const { resources = [] } = await openRecord(party, seen, recordOf(seen, name));
        assert.equal(objectionsIn(resources[0])[0]?.words, said(name), name);
        const found = await readBundle(party, seen, recordOf(seen, name));
        const exported = found.complete ? found.bundle.entry?.[0]?.resource : assert.fail();
        assert.equal(objectionsIn(exported)[0]?.words, said(name), name);
      }
      const { objections } = await openRecord(party, seen, recordOf(seen, 'note'));
      assert.equal(objections?.[0]?.words, said('note'));
    }
  });

  it('stands on the lines of the emergency card', async () => {
    const { offered: lines } = await readCardLines(care.patient, chart, englishWords, '');
    for (const start of ['Penicillin', 'Asthma']) {
      const { text } = lines.find((line) => line.text.startsWith(start)) ?? assert.fail(start);
      assert.match(text, /\(the patient objects\).*that is wrong/);
    }
  });

  it('is kept with the record, and shown without a network', async () => {
    const { patient } = care;
    for (const name of ['allergy', 'note']) {
      await keepRecord(patient, chart, recordOf(chart, name), BEGIN + 5000);
    }
    const { agent: _without, ...holder } = patient;
    const kept = await keptHere(holder);
    const words = kept.map(({ opened }) => {
      return (opened.objections ?? objectionsIn(opened.resources?.[0]))[0]?.words;
    });
    assert.deepEqual(new Set(words), new Set([said('allergy'), said('note')]));
  });

  // @actor whoever may read one record alone | is not shown what the patient says against it
  it('is read by whoever may read that record alone, also if it came later', async () => {
    const { patient, stranger, handle } = care;
    await write('late', 'other', utf8ToBytes('Smokes.'));
    const { record } = written.get('late') ?? assert.fail();
    const right = { ...everything(stranger), actions: ['read'], record } as const;
    const { grant } = await grantRight(patient, { ...right, categories: ['other'] });
    const wanted = { handle, grant, purpose: 'TREAT' } as const;
    await objectToRecord(patient, { record: recordOf(await own(), 'late'), words: said('late') });
    await refreshPackets(patient);
    const seen = await readChart(stranger, wanted);
    assert.equal(seen.records.length, 2);
    const [read] = await readObjections(stranger, seen, { record });
    assert.equal(read?.words, said('late'));
  });

  it('is gone from every face once the patient withdrew it, and not before', async () => {
    const { patient, handle } = care;
    await write('brief', 'other', utf8ToBytes('Snores.'));
    const record = recordOf(await own(), 'brief');
    const words = '\u202eno\u0007';
    const added = await objectToRecord(patient, { record, words });
    const again = await objectToRecord(patient, { record, words });
    assert.deepEqual([added.already, again.already], [undefined, true]);
    const count = async (): Promise<number> =>
      (await readObjections(patient, await own(), record)).length;
    assert.equal(await count(), 1);
    const content = new Uint8Array();
    const terms = { handle, purpose: 'PATRQT', category: 'other' } as const;
    await addRecord(patient, { ...terms, content, amends: added });
    assert.equal(await count(), 0);
  });

  // @actor an author | writes into a record that the patient objects, or that nobody does
  it('is never written into an amendment, and an author cannot write it', async () => {
    const { doctor } = care;
    const theirs = await doctors();
    const record = recordOf(theirs, 'problem');
    const { resources = [] } = await openRecord(doctor, theirs, record);
    const [resource] = resources as readonly { readonly extension: readonly unknown[] }[];
    assert.equal(resource?.extension.length, 1);
    const entry = [{ resource }] as never;
    const change = (bundle: object): never => ({ ...bundle, entry }) as never;
    assert.equal(await amendFhir(doctor, theirs, { record, change, reason: '' }), undefined);
    const forged = { ...WRITTEN.problem.resource, extension: resource?.extension };
    const part = partOfResource(bytesToHex(doctor.random(16)), 'conditions', forged as never);
    await write('forged', 'conditions', encodePart(part));
    const seen = await doctors();
    const opened = await openRecord(doctor, seen, recordOf(seen, 'forged'));
    assert.deepEqual(objectionsIn(opened.resources?.[0]), []);
  });
});

describe('a patient who objects to one record many times', () => {
  // @actor a patient | objects thousands of times to one record, so that its reader spends views and releases on them, or loses the record
  it('has the newest few opened with it, and takes nobody what was read', async () => {
    const { patient, doctor } = care;
    const record = recordOf(chart, 'note');
    for (let number = 1; number <= 9; number++) {
      await objectToRecord(patient, { record, words: `No. ${number}` });
    }
    const theirs = await doctors();
    const read = await readObjections(doctor, theirs, record);
    assert.equal(read.length, 10);
    assert.deepEqual(
      read.map(({ words }) => words),
      [undefined, undefined, ...Array.from({ length: 8 }, (_, place) => `No. ${place + 2}`)],
    );
    const agent = new Proxy(doctor.agent, {
      get: () => async () => await Promise.reject(new MedsealError('OVERLOADED', {})),
    });
    const unopened = await readObjections({ ...doctor, agent }, theirs, record);
    assert.deepEqual(
      unopened.map(({ words }) => words),
      read.map(() => undefined),
    );
    const until = BEGIN + 3600;
    await keepRecord(doctor, theirs, recordOf(theirs, 'note'), until);
    const kept = await listKept(doctor);
    const about = kept.filter(({ version }) => version.about === record.record);
    assert.equal(about.length, 8);
  });
});
