import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eraseKeys } from '../epochs/eraseKeys.ts';
import { rangeUnder } from '../../database/rangeUnder.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { acknowledgedBy, setOf, submissionOf, writeOf } from '../../node/test/requests.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { ViewSet, Write } from '../../protocol/struct/requests.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { pairLeaf, type ListedPair, type ViewPair } from '../../protocol/evidence/viewSet.ts';
import { lyingTo } from '../test/lyingTo.ts';
import type { Audit, AuditEvent } from './Audit.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { auditAsFhir } from './auditAsFhir.ts';
import { examineActs } from './examineActs.ts';
import { examineAudit } from './examineAudit.ts';
import { faultsOf } from './readAudit.ts';
import { viewedRecords, writesIn } from './viewedRecords.ts';
import { withLists } from './withLists.ts';

const ABSENT = { record: word('nobody’s record'), version: 1 };

let network: TestNetwork;
let care: Care;
let written: readonly Write[];
/** One whose category the patient erased since. */
let erased: Write;
let pairs: readonly ViewPair[];
let view: Acknowledgement;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { doctor } = care;
  const write = async (category: Write['category']): Promise<Write> => {
    const message = await writeOf(care, { category });
    await acknowledgedBy(doctor, submissionOf(care, 'Write', message));
    return message;
  };
  written = [await write('vitals'), await write('vitals'), await write('laboratory')];
  erased = await write('imaging');
  await eraseKeys(care.patient, 'imaging');
  await network.checkpoint();
  const set = setOf(care, [...written, erased, ABSENT]);
  ({ pairs } = set);
  view = await acknowledgedBy(doctor, { ...submissionOf(care, 'ViewSet', set.set), pairs });
});
after(async () => await network.close());

async function audited(lies: Partial<AgentPort> = {}): Promise<Audit> {
  return await examineAudit(lyingTo(network, care.patient, lies));
}

function eventIn({ logs }: Audit): AuditEvent {
  const events = logs.flatMap((log) => log.events);
  return events.find(({ entry }) => entry === view.entry) ?? assert.fail();
}

function leafOf(salt: ViewSet['salt'], pair: ListedPair): ListedPair {
  return 'leaf' in pair ? pair : { leaf: pairLeaf(care.patient.primitives, salt, pair) };
}

/** The list as organisations keep it: of what is on nobody's chart the leaf alone. */
function listed({ body }: AuditEvent): readonly ListedPair[] {
  const { salt } = (body?.request.message ?? {}) as ViewSet;
  return pairs.map((pair) => (pair.record === ABSENT.record ? leafOf(salt, pair) : pair));
}

function unknown({ logs }: Audit): readonly string[] {
  return logs
    .flatMap(({ unchecked }) => unchecked)
    .filter((each) => each.startsWith('whether there are'));
}

function untold({ logs }: Audit): readonly string[] {
  return logs.flatMap(({ unchecked }) => unchecked).filter((each) => each.startsWith('which'));
}

/** True if the audit says of the view's log that its list is complete; the other logs have no checkpoint. */
function isComplete({ logs }: Audit): boolean {
  return logs.find(({ log }) => log === view.log)?.complete ?? assert.fail();
}

/** An audit whose node gives another list beside the set. */
async function lied(
  change: (list: readonly ListedPair[]) => readonly ListedPair[],
): Promise<Audit> {
  const { agent } = care.patient;
  return await audited({
    lists: async (query) => {
      const lists = await agent.lists(query);
      return lists.map((list) => (list.length === pairs.length ? change(list) : list));
    },
  });
}

describe('a patient who audits a view of several records', () => {
  it('sees one event, with each record that it named and whether it was released', async () => {
    const audit = await audited();
    const event = eventIn(audit);
    assert.deepEqual(event.pairs, listed(event));
    assert.deepEqual([event.fault, untold(audit)], [undefined, []]);
    assert.match(unknown(audit).join(), /^whether there are 1 records that views named and did/);
    const events = audit.logs.flatMap((log) => log.events);
    const seen = viewedRecords(care.patient.primitives, event, writesIn(events));
    assert.equal(seen.length, 4);
    for (const { record, category } of written) {
      const part = seen.find((each) => each.record === record);
      assert.deepEqual([part?.isAccepted, part?.write?.message.category], [true, category]);
    }
    const left = seen.find(({ record }) => record === erased.record);
    assert.deepEqual([left?.isAccepted, left?.write?.message.category], [false, 'imaging']);
    assert.ok(seen.every(({ record }) => record !== ABSENT.record));
  });

  it('sees it in FHIR as one access to each that was released', async () => {
    const events = (await audited()).logs.flatMap((log) => log.events);
    const bundle = await auditAsFhir({ party: care.patient, events, rules: [] });
    const texts = (bundle.entry ?? []).map((each) => JSON.stringify(each));
    const text = texts.find((each) => each.includes('vread')) ?? assert.fail();
    assert.ok(text.includes(view.entry));
    for (const { record } of written) assert.ok(text.includes(record));
    for (const { record } of [erased, ABSENT]) assert.ok(!text.includes(record));
  });

  // @attack a node keeps back which records a view of several opened | the audit is not complete, and says who judged the view
  it('hears that it is not known which they were if nobody gives the list: the audit is not complete', async () => {
    const hidden = await lied(() => []);
    assert.match(untold(hidden).join(), /^which 5 records 1 views of several records were of: /);
    assert.match(untold(hidden).join(), /hospital, /, 'it names the judges');
    assert.deepEqual([eventIn(hidden).pairs, eventIn(hidden).fault], [undefined, undefined]);
    assert.deepEqual([isComplete(hidden), isComplete(await audited())], [false, true]);
  });

  it('has a complete audit if its node fails once or twice, and hears which node failed if it goes on', async () => {
    const { agent } = care.patient;
    const failing = (times: number): Partial<AgentPort> => {
      let failed = 0;
      return {
        lists: async (query) => {
          failed += 1;
          if (failed <= times) throw new MedsealError('OVERLOADED', {});
          return await agent.lists(query);
        },
      };
    };
    const healed = await audited(failing(2));
    assert.deepEqual([untold(healed), isComplete(healed)], [[], true]);
    const last = await audited(failing(100));
    const unasked = last.logs.flatMap(({ unchecked }) => unchecked).join();
    assert.match(unasked, /lists of .*: the node of hospital did not answer \(/);
    assert.equal(isComplete(last), false);
    const next = await examineAudit(lyingTo(network, care.patient, {}), { last });
    assert.deepEqual([untold(next), isComplete(next)], [[], true], 'the next audit asks again');
  });

  // @class a node that hangs | an audit of many views of several records takes hours before it shows anything
  it('asks a node that fails three times, however many views there are', async () => {
    let asked = 0;
    const failing = lyingTo(network, care.patient, {
      lists: async () => {
        asked += 1;
        return await Promise.reject(new MedsealError('OVERLOADED', {}));
      },
    });
    const body = '{"type":"ViewSet"}';
    const entries = Array.from({ length: 40 }, (_, index) => ({
      ...view,
      index,
      body,
      inclusion: [],
    }));
    const query = { ticket: '', request: word('audit'), log: care.patient.log };
    const { unasked } = await withLists(failing, query, entries);
    assert.deepEqual([asked, unasked.length], [3, 1]);
  });

  // @attack a node tells a patient the leaves of a view of several records in place of the records | an audit says of how many nobody told which they were
  it('hears of how many it is not known if a node gives their leaves alone', async () => {
    const { primitives, patient } = { ...care, ...care.patient };
    const { salt } = (eventIn(await audited()).body?.request.message ?? {}) as ViewSet;
    const [open] = written;
    const list = pairs.map((pair) => (pair.record === open?.record ? pair : leafOf(salt, pair)));
    const hidden = await lied(() => list);
    assert.match(untold(hidden).join(), /^which 2 records 1 views of several records were of: /);
    assert.equal(isComplete(hidden), false);
    const events = hidden.logs.flatMap((log) => log.events);
    const seen = viewedRecords(primitives, eventIn(hidden), writesIn(events));
    assert.deepEqual(
      seen.map(({ record }) => record),
      [open?.record],
    );
    const bundle = await auditAsFhir({ party: patient, events, rules: [] });
    const told = JSON.stringify(
      bundle.entry?.find((each) => JSON.stringify(each).includes(view.entry)),
    );
    assert.ok(told.includes('"query"'), 'the request says how many there are');
  });

  // @attack a coordinator gives leaves in place of the records that a view named | the agent asks the others for them
  it('gets what a coordinator does not tell from the others', async () => {
    const { coordinator } = network.services('hospital');
    const { salt } = (eventIn(await audited()).body?.request.message ?? {}) as ViewSet;
    network.liars.coordinator.set('hospital', {
      ...coordinator,
      listed: async (asked) => {
        const lists = await coordinator.listed(asked);
        return lists.map((list) => list.map((pair) => leafOf(salt, pair)));
      },
    });
    const event = eventIn(await audited());
    assert.deepEqual(event.pairs, listed(event));
    network.liars.coordinator.clear();
  });

  // @attack a node shows a patient another list beside a view of several records | the list is compared with the root that the reader signed
  it('is not told of other records than were named', async () => {
    const [first, ...others] = pairs;
    assert.ok(first);
    for (const list of [
      others,
      [...others, first],
      [{ ...first, version: 2 }, ...others],
      [{ leaf: word('another') }, ...others],
    ]) {
      const audit = await lied(() => list);
      const { log, index, body, fault, pairs: named } = eventIn(audit);
      const other = `${log}: the list beside #${index} is not the one that was signed`;
      assert.deepEqual(faultsOf(audit), [other]);
      assert.deepEqual(
        [body?.request.party, fault, named],
        [care.doctor.address, undefined, undefined],
        'it is seen who looked',
      );
      assert.equal(isComplete(audit), false);
    }
  });

  it('asks for a list by itself, and not again if the last audit on the device had it', async () => {
    const { agent } = care.patient;
    const asked: (readonly number[])[] = [];
    const lists: AgentPort['lists'] = async (query) => {
      asked.push(query.places);
      return await agent.lists(query);
    };
    const listing = lyingTo(network, care.patient, { lists });
    const last = await examineAudit(listing);
    assert.deepEqual(asked, [[view.index]]);
    const next = await examineAudit(listing, { last });
    assert.equal(asked.length, 1);
    assert.deepEqual(eventIn(next).pairs, eventIn(last).pairs);
    assert.equal(eventIn(next).fault, undefined);
  });

  // @attack a party asks with its ticket for the list of a view on another's chart | the agent gives those of the audit alone
  it('gets no list of another chart, or with another ticket', async () => {
    const { patient, doctor } = care;
    const own = (await audited()).key;
    const query = { log: patient.log, places: [view.index] };
    assert.equal((await patient.agent.lists({ ...own, ...query }))[0]?.length, pairs.length);
    const acts = (await examineActs(lyingTo(network, care.stranger, {}))).key;
    assert.deepEqual(await care.stranger.agent.lists({ ...acts, ...query }), [[]]);
    const chain = (await examineActs(lyingTo(network, doctor, {}))).key;
    assert.equal((await doctor.agent.lists({ ...chain, ...query }))[0]?.length, pairs.length);
    await assert.rejects(
      patient.agent.lists({ ...own, ...query, ticket: '0'.repeat(32) }),
      failsWith('RELEASE_UNKNOWN'),
    );
    await assert.rejects(
      patient.agent.lists({ ...own, ...query, places: [1_000_000] }),
      failsWith('NOT_FOUND'),
    );
  });

  // @actor a reader whose right ended or does not cover a record | has a view that names a version refused, and reads in its own chain whether organisations can name it
  // @attack a reader learns from the list of its own view which record versions exist | its own chain tells the leaf alone of what was not accepted
  it('is alone told which versions a view named that it did not get', async () => {
    const { patient, doctor, stranger } = care;
    const { set, pairs: asked } = setOf(care, [...written, ABSENT]);
    const probe = { ...submissionOf(care, 'ViewSet', set, stranger), pairs: asked };
    const [refused] = await stranger.agent.submit([probe]);
    assert.ok(refused?.outcome === 'refused' && refused.acknowledgement !== undefined);
    await network.checkpoint();
    const acts = await examineActs(lyingTo(network, stranger, {}));
    const { entry } = refused.acknowledgement;
    const events = acts.logs.flatMap((log) => log.events);
    const own = events.find((each) => each.entry === entry) ?? assert.fail();
    assert.deepEqual(
      own.pairs,
      asked.map((pair) => leafOf(set.salt, pair)),
    );
    assert.deepEqual([own.fault, unknown(acts), untold(acts)], [undefined, [], []]);
    const chain = eventIn(await examineActs(lyingTo(network, doctor, {})));
    const covered = new Set(written.map(({ record }) => record));
    const { salt } = (chain.body?.request.message ?? {}) as ViewSet;
    assert.deepEqual(
      chain.pairs,
      pairs.map((pair) => (covered.has(pair.record) ? pair : leafOf(salt, pair))),
    );
    const audit = lyingTo(network, patient, {});
    const seen = (await examineAudit(audit)).logs.flatMap((log) => log.events);
    assert.deepEqual(
      seen.find((each) => each.entry === entry)?.pairs,
      asked.map((pair) => (pair.record === ABSENT.record ? leafOf(set.salt, pair) : pair)),
    );
  });

  // @class a coordinator that is silent | a patient waits for it in each group of each audit
  it('gets the list from whoever answers if its own lost it and another is silent', async () => {
    const { doctor } = care;
    const { set, pairs: named } = setOf(care, written);
    const asked = { ...submissionOf(care, 'ViewSet', set), pairs: named };
    const other = await acknowledgedBy(doctor, asked);
    await network.database('hospital', 'coordinator').clear(rangeUnder('pair/'));
    const { coordinator } = network.services('laboratory');
    const silent = Promise.withResolvers<never>();
    network.liars.coordinator.set('laboratory', {
      ...coordinator,
      listed: async () => await silent.promise,
    });
    const { key } = await audited({ lists: async () => await Promise.resolve([]) });
    const query = { ...key, log: doctor.log, places: [other.index] };
    assert.deepEqual(await care.patient.agent.lists(query), [named]);
    network.liars.coordinator.clear();
  });

  it('gets the list from another organisation if its own lost it', async () => {
    const database = network.database('hospital', 'coordinator');
    await database.clear(rangeUnder('pair/'));
    const event = eventIn(await audited());
    assert.deepEqual(event.pairs, listed(event));
  });
});
