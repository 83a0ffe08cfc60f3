import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { askedView } from '../../protocol/evidence/askedView.ts';
import { ZERO32, type Bytes32, type Organisation } from '../../protocol/ids.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { ReleaseNote } from '../../protocol/release/ReleaseNote.ts';
import type { ReleasesTold } from '../../protocol/release/ReleasesTold.ts';
import { releasesNonce } from '../../protocol/release/releasesNonce.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { CoordinatorPort } from '../../services/ports.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import { recallSealed, rememberSealed } from '../party/sealedMemory.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart, type Chart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { lyingTo } from '../test/lyingTo.ts';
import type { Audit, AuditedLog, KeptLog } from './Audit.ts';
import { auditAsFhir } from './auditAsFhir.ts';
import { examineActs } from './examineActs.ts';
import { examineAudit } from './examineAudit.ts';
import type { AuditOptions } from './examineListed.ts';
import { keepAudit, recallAudit } from './keptAudit.ts';
import { faultsOf } from './readAudit.ts';

const LOG = 'care/hospital';

let network: TestNetwork;
let care: Care;
let other: Care['patient'];
let chart: Chart;
let first: Audit;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  other = (await startCare(network)).patient;
  const { doctor, handle, right } = care;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...own, content: utf8ToBytes('a guarded note') });
  chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  await read();
  first = await audited();
});
after(async () => await network.close());
afterEach(() => network.liars.coordinator.clear());

/** Audits the chart, if a node answers as said. */
async function audited(
  lies: Partial<AgentPort> = {},
  options: AuditOptions = {},
  patient = care.patient,
): Promise<Audit> {
  return await examineAudit(lyingTo(network, patient, lies), options);
}

async function read(): Promise<void> {
  const [record] = chart.records;
  assert.ok(record);
  await readRecord(care.doctor, chart, record);
}

function hospitalIn({ logs }: Audit): AuditedLog {
  return logs.find(({ log }) => log === LOG) ?? assert.fail();
}

/** Facts about releases that could not be checked. */
function untold(audit: Audit): readonly string[] {
  return hospitalIn(audit).unchecked.filter((each) => each.startsWith('who released'));
}

/** Organisations that say that they released each view of a record, in the order of the views and as they are told. */
function releasedIn(audit: Audit): readonly (readonly Organisation[])[] {
  return hospitalIn(audit).events.flatMap(({ released }) =>
    released === undefined ? [] : [released.map(({ organisation }) => organisation)],
  );
}

/** Has a coordinator answer otherwise about its releases. */
function answer(name: Organisation, releases: CoordinatorPort['releases']): void {
  const { coordinator } = network.services(name);
  network.liars.coordinator.set(name, { ...coordinator, releases });
}

describe('a patient who audits a chart that a release key guards', () => {
  it('learns which organisations released each view, and nothing of other entries', () => {
    assert.deepEqual(releasedIn(first), [['hospital', 'insurer', 'laboratory']]);
    const { events, faults } = hospitalIn(first);
    assert.ok(events.length > 2);
    assert.deepEqual([faults, untold(first)], [[], []]);
  });

  it('reads the same whichever organisation answers first', async () => {
    const others = Promise.withResolvers<undefined>();
    let answered = 0;
    const releases: AgentPort['releases'] = async (query) => {
      if (query.organisation === 'hospital') await others.promise;
      const page = await care.patient.agent.releases(query);
      if (query.organisation !== 'hospital') answered += 1;
      if (answered === 2) others.resolve(undefined);
      return page;
    };
    const late = await audited({ releases }, { afresh: true });
    assert.deepEqual(releasedIn(late), releasedIn(first));
  });

  it('sees it in FHIR as well', async () => {
    const events = first.logs.flatMap((log) => log.events);
    const bundle = await auditAsFhir({ party: care.patient, events, rules: [] });
    assert.match(JSON.stringify(bundle), /"released by","valueString":"[a-z, ]*laboratory/);
  });

  // @attack a coordinator keeps back that it released a view | the audit says who tells; silence proves nothing
  it('is not told by a coordinator that keeps its notes back, and nothing is proved by that', async () => {
    answer('insurer', async (query) => await noneFrom('insurer', query));
    const two = await audited();
    assert.deepEqual(releasedIn(two), [['hospital', 'laboratory']]);
    assert.deepEqual(untold(two), []);
    // It says that it released nothing, and is the one that may lie.
    assert.equal(hospitalIn(two).complete, true);
    const away = new MedsealError('PEER_UNREACHABLE', { peer: 'laboratory' });
    answer('laboratory', async () => await Promise.reject(away));
    const one = await audited();
    assert.deepEqual(releasedIn(one), [['hospital']]);
    assert.equal(hospitalIn(one).complete, false);
    const [sentence = ''] = untold(one);
    assert.match(
      sentence,
      /^who released 1 of its 1 views by others: fewer than 2 organisations say/,
    );
    assert.deepEqual(hospitalIn(one).faults, []);
  });

  it('does not ask again about releases that a complete audit told, once nobody can release for those views any more', async () => {
    const asked = new Set<number>();
    const agent = {
      releases: async (...given: Parameters<typeof care.patient.agent.releases>) => {
        asked.add(given[0].since);
        return await care.patient.agent.releases(...given);
      },
    };
    network.clock.advance(601_000);
    const later = await audited(agent, { last: first });
    const { at } = parseBody(first.acknowledgement.body);
    assert.deepEqual([...asked], [at - 600]);
    assert.deepEqual(releasedIn(later), releasedIn(first));
    await audited(agent, {
      last: { ...first, heard: 2 },
    });
    assert.deepEqual([...asked], [at - 600, 0]);
  });

  it('does not ask again about releases either of which the device kept that they were told', async () => {
    const patient = { ...care.patient, device: memoryDevice() };
    await patient.device.write('patient', await care.patient.device.read('patient'));
    await keepAudit(patient, first);
    let since = -1;
    const agent = {
      releases: async (...given: Parameters<typeof care.patient.agent.releases>) => {
        [{ since }] = given;
        return await care.patient.agent.releases(...given);
      },
    };
    const later = await audited(agent, { kept: await recallAudit(patient) }, patient);
    assert.equal(since, parseBody(first.acknowledgement.body).at - 600);
    assert.deepEqual(releasedIn(later), releasedIn(first));
    assert.deepEqual(faultsOf(later), []);
  });

  it('does not take a log that could not be read for one that lacks the views, and asks for all releases the next time', async () => {
    network.clock.advance(601_000);
    const half = await audited({
      audit: async () => await Promise.reject(new MedsealError('OVERLOADED', {})),
    });
    assert.deepEqual(faultsOf(half), []);
    assert.equal(hospitalIn(half).complete, false);
    assert.match(hospitalIn(half).unchecked.join(), /what it holds: .*,releases of its views$/);
    const patient = { ...care.patient, device: memoryDevice() };
    await patient.device.write('patient', await care.patient.device.read('patient'));
    await keepAudit(patient, first);
    await keepAudit(patient, half);
    for (const options of [{ last: half }, { kept: await recallAudit(patient) }]) {
      const later = await audited({}, options, patient);
      assert.deepEqual(releasedIn(later), releasedIn(first));
      assert.deepEqual([faultsOf(later), untold(later)], [[], []]);
    }
  });

  // @attack a node denies that another organisation’s log has a checkpoint, so that the log seems to lack the views that were released | the device saw one, so the log counts as not read
  it('does not accuse a log whose checkpoint a node denies although this device saw one', async () => {
    network.clock.advance(601_000);
    const agent = network.agent('laboratory');
    const elsewhere = { ...care.patient, agent, log: 'care/laboratory' };
    const denied = await audited(
      {
        checkpoint: async (log) => {
          if (log === LOG) throw new MedsealError('NOT_YET', { what: 'checkpoint' });
          return await agent.checkpoint(log);
        },
      },
      {},
      elsewhere,
    );
    assert.deepEqual(faultsOf(denied), []);
    assert.match(hospitalIn(denied).unchecked.join(), /^what it holds: .*releases of its views/);
  });

  it('does not miss what was told of views that the device did not keep to show, once all lines are asked for', async () => {
    const patient = { ...care.patient, device: memoryDevice() };
    await patient.device.write('patient', await care.patient.device.read('patient'));
    network.clock.advance(1_201_000);
    await keepAudit(patient, await audited({}, {}, patient));
    const stored = (await recallSealed(patient, 'audited')) as object;
    await rememberSealed(patient, 'audited', { ...stored, events: [] });
    const kept = (await recallAudit(patient)) ?? assert.fail();
    const news = await audited({}, { kept, onlyNew: true }, patient);
    assert.deepEqual([faultsOf(news), releasedIn(news), news.heard], [[], [], 3]);
    const all = await audited({}, { kept }, patient);
    assert.deepEqual([faultsOf(all), untold(all), releasedIn(all)], [[], [], releasedIn(first)]);
  });

  it('accuses no log of lacking a view whose line the device does not show, as all its lines are asked for first', async () => {
    const patient = { ...care.patient, device: memoryDevice() };
    await patient.device.write('patient', await care.patient.device.read('patient'));
    network.clock.advance(1_201_000);
    await keepAudit(patient, await audited({}, {}, patient));
    const stored = (await recallSealed(patient, 'audited')) as object;
    await rememberSealed(patient, 'audited', { ...stored, events: [] });
    const kept = (await recallAudit(patient)) ?? assert.fail();
    network.clock.advance(601_000);
    const { coordinator } = network.services('insurer');
    // It dates its note of an old view later.
    answer('insurer', async (query) => {
      const told = await coordinator.releases({ ...query, since: 0 });
      const notes = told.notes.map((note) => resignedBy(keyOf('insurer'), note, { at: kept.at }));
      const nonce = releasesNonce(care.patient.primitives, requestOf(query), query.since);
      return { ...changed(told, { nonce }), notes };
    });
    const dated = await audited({}, { kept, onlyNew: true }, patient);
    assert.deepEqual([faultsOf(dated), hospitalIn(dated).older], [[], undefined]);
    network.liars.coordinator.clear();
    // A log with older lines that is away has the releases of all logs asked for again.
    const gone = { ...kept.logs[0], log: 'care/insurer' } as KeptLog;
    const away = { ...hospitalIn(kept.audit), log: 'care/insurer' };
    const audit = { ...kept.audit, logs: [...kept.audit.logs, away] };
    const two = { ...kept, logs: [...kept.logs, gone], audit };
    const half = await audited({}, { kept: two, onlyNew: true }, patient);
    assert.deepEqual(
      [faultsOf({ logs: [hospitalIn(half)] }), releasedIn(half)],
      [[], releasedIn(first)],
    );
  });

  it('goes on if the node answers nothing about releases', async () => {
    const audit = await audited({
      releases: async () => await Promise.reject(new MedsealError('NOT_FOUND', { what: 'it' })),
    });
    assert.deepEqual(releasedIn(audit), []);
    const { complete, unchecked } = hospitalIn(audit);
    assert.equal(complete, false);
    assert.match(
      unchecked.join(),
      /releases that no log has: 0 of the 3 organisations that it takes told theirs, not hospital \(/,
    );
  });

  // @attack a node or a coordinator makes up who released a view | a note counts if its coordinator signed it
  it('believes no note that its coordinator did not sign, or of another view, and none of shares', async () => {
    const { doctor } = care;
    const changes: ((note: ReleaseNote) => ReleaseNote)[] = [
      (note) => ({ ...note, release: { ...note.release, at: note.release.at - 1 } }),
      (note) => ({ ...note, entry: hospitalIn(first).events[0]?.entry ?? note.entry }),
      (note) => resignedBy({ ...doctor, signingKey: doctor.keys.signingKey() }, note),
      (note) => resignedBy(keyOf('insurer'), note, { shares: `0x${'11'.repeat(32)}` }),
      (note) => resignedBy(keyOf('insurer'), note, { log: `0x${'11'.repeat(32)}` }),
    ];
    const { coordinator } = network.services('insurer');
    for (const change of changes) {
      answer('insurer', async (query) => {
        const told = await coordinator.releases(query);
        return { ...told, notes: told.notes.map(change) };
      });
      assert.deepEqual(releasedIn(await audited()), [['hospital', 'laboratory']]);
    }
  });

  // @attack a coordinator releases to somebody whom the view does not name, with the reader | the patient’s audit names them if another’s note differs
  it('is told of a release to somebody whom the view does not name', async () => {
    const { coordinator } = network.services('insurer');
    const to = { recipient: `0x${'22'.repeat(32)}` } as const;
    answer('insurer', async (query) => {
      const told = await coordinator.releases(query);
      return { ...told, notes: told.notes.map((note) => resignedBy(keyOf('insurer'), note, to)) };
    });
    const [fault = ''] = hospitalIn(await audited()).faults;
    assert.match(
      fault,
      /^#\d+: .* released it to different recipients, of which the view names one$/,
    );
  });

  it('is told nothing of releases that its own views do not need', async () => {
    const { patient, handle } = care;
    const own = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [record] = own.records;
    assert.ok(record);
    await readRecord(patient, own, record);
    const audit = await audited();
    const mine = hospitalIn(audit).events.filter(
      ({ body }) =>
        body?.request.party === patient.address && askedView(body.request)?.what === 'record',
    );
    assert.equal(mine.length, 1);
    assert.deepEqual(untold(audit), []);
  });
});

describe('a list of releases', () => {
  const changes: readonly (readonly [string, (told: ReleasesTold) => ReleasesTold])[] = [
    ['of which the node leaves a note out', (told) => ({ ...told, notes: [] })],
    ['that the node gives twice', (told) => ({ ...told, notes: [...told.notes, ...told.notes] })],
    ['of another chart', (told) => changed(told, { handle: `0x${'11'.repeat(32)}` })],
    ['of another audit', (told) => changed(told, { nonce: `0x${'11'.repeat(32)}` })],
    ['of another log', (told) => changed(told, { log: `0x${'11'.repeat(32)}` })],
    ['with another number', (told) => changed(told, { count: 9 })],
    ['with another root', (told) => changed(told, { last: ZERO32 })],
    ['that another signed', (told) => ({ ...told, coordinator: keyOf('hospital').address })],
    ['whose number was altered', (told) => ({ ...told, tally: { ...told.tally, count: 0 } })],
  ];
  for (const [what, change] of changes) {
    // @actor a node on the way of an audit | to leave out a release that an organisation tells
    it(`${what} counts as none, and the audit is not complete`, async () => {
      const { coordinator } = network.services('insurer');
      answer('insurer', async (query) => change(await coordinator.releases(query)));
      const { complete, unchecked } = hospitalIn(await audited());
      assert.equal(complete, false);
      assert.match(unchecked.join(), /2 of the 3 organisations .* told theirs, not insurer/);
    });
  }
});

describe('a coordinator tells nothing of its releases', () => {
  it('to whoever shows no audit, or an old one', async () => {
    const acts = await examineActs(lyingTo(network, care.doctor, {}));
    for (const audit of [chart.acknowledgement, acts.acknowledgement]) {
      await assert.rejects(ask({ audit }), failsWith('RIGHT_MISSING'));
    }
    const { acknowledgement } = first;
    const forged = { ...acknowledgement, verdicts: acknowledgement.verdicts.slice(1) };
    await assert.rejects(
      ask({ audit: { ...forged, verdicts: [] } }),
      failsWith('EVIDENCE_INVALID'),
    );
    const fresh = await audited();
    assert.equal((await ask({ audit: fresh.acknowledgement })).notes.length, 1);
    network.clock.advance(3_601_000);
    await assert.rejects(ask({ audit: fresh.acknowledgement }), failsWith('REQUEST_LATE'));
  });

  // @attack somebody asks coordinators who opened another’s records | they answer the patient’s audit alone, about that chart
  it('about views of another patient’s chart', async () => {
    const { acknowledgement } = await audited({}, {}, other);
    const { notes, tally } = await ask({ audit: acknowledgement });
    assert.deepEqual([notes, tally.count, tally.last], [[], 0, ZERO32]);
  });

  it('without the ticket of the audit', async () => {
    const asked = { ...first.key, organisation: 'laboratory', since: 0, from: 0 };
    const ticket = '0'.repeat(32);
    await assert.rejects(
      care.patient.agent.releases({ ...asked, ticket }),
      failsWith('RELEASE_UNKNOWN'),
    );
  });
});

/** Asks the laboratory's coordinator about its releases. */
async function ask(
  query: Partial<Parameters<CoordinatorPort['releases']>[0]>,
): Promise<ReleasesTold> {
  const audit = first.acknowledgement;
  const { coordinator } = network.services('laboratory');
  return await coordinator.releases({ audit, since: 0, from: 0, ...query });
}

/** The statement of an organisation that it released nothing, which it signed. */
async function noneFrom(
  name: Organisation,
  query: Parameters<CoordinatorPort['releases']>[0],
): Promise<ReleasesTold> {
  const { tally } = await network.services(name).coordinator.releases(query);
  const none = { ...tally, count: 0, last: ZERO32 };
  const { party: coordinator, signature } = sign(care.doctor, keyOf(name), 'Tally', none);
  return { notes: [], conflicts: [], tally: none, coordinator, signature };
}

function keyOf(name: Organisation): Parameters<typeof sign>[1] {
  return network.keys.get(name)?.coordinator ?? assert.fail();
}

/** A note that somebody signed, with changes. */
function resignedBy(
  by: Parameters<typeof sign>[1],
  { entry, release }: ReleaseNote,
  change: Partial<ReleaseNote['release']> = {},
): ReleaseNote {
  const changed = { ...release, ...change };
  const { party: coordinator, signature } = sign(care.doctor, by, 'ShareRelease', changed);
  return { entry, release: changed, coordinator, signature };
}

/** Digest of the audit that a coordinator is shown. */
function requestOf({ audit }: Parameters<CoordinatorPort['releases']>[0]): Bytes32 {
  const { request } = parseBody(audit.body);
  assert.ok(request.type === 'View');
  return digestOf(care.doctor, 'View', request.message as View);
}

/** A list of the insurer that it signed with another count. */
function changed(told: ReleasesTold, change: Partial<ReleasesTold['tally']>): ReleasesTold {
  const tally = { ...told.tally, ...change };
  const { signature } = sign(care.doctor, keyOf('insurer'), 'Tally', tally);
  return { ...told, tally, signature };
}
