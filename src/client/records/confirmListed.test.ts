import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  BEGIN,
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort, AuditQuery } from '../../protocol/AgentPort.ts';
import type { Acknowledgement, Outcome } from '../../protocol/evidence/evidence.ts';
import { ZERO32, ZERO_ADDRESS } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Will } from '../../protocol/care/vitalRecords.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { addRecord } from './addRecord.ts';
import { confirmListed, type ListCount, type ListedChart } from './confirmListed.ts';
import { readChart } from './readChart.ts';
import { readWholeChart } from './readWholeChart.ts';

const LOG = 'care/hospital';
const COMPLETE: ListCount = { complete: true, faults: [], unchecked: [] };
let network: TestNetwork;
let care: Care;
let insurer: Party;
let lab: Party;
/** The insurer's right to one category. */
let billing: Grant;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  insurer = await network.party('insurer', { organisation: 'insurer' });
  lab = await network.party('lab', { organisation: 'laboratory' });
  const { patient } = care;
  const forLab = (await grantRight(patient, everything(lab))).grant;
  await add(care.doctor, 'laboratory', care.right.grant);
  await add(care.doctor, 'billing', care.right.grant);
  await add(care.doctor, 'laboratory', care.right.grant);
  await add(lab, 'laboratory', forLab);
  billing = (
    await grantRight(patient, {
      ...everything(insurer),
      categories: ['billing'],
      purpose: 'HPAYMT',
    })
  ).grant;
  const bill = await network.party('insurer', { organisation: 'insurer' });
  const { grant } = await grantRight(patient, { ...everything(bill), categories: ['coverage'] });
  await add(bill, 'coverage', grant);
  for (const name of ['hospital', 'laboratory', 'insurer']) await network.checkpoint(name);
});
after(async () => await network.close());

async function add(party: Party, category: Category, grant: Grant): Promise<Acknowledgement> {
  const { handle } = care;
  const content = utf8ToBytes(category);
  const wanted = { handle, category, grant, purpose: grant.terms.purpose, content };
  return (await addRecord(party, wanted)).acknowledgement;
}

/** The doctor's chart by a node that lies, and that checkpoints whenever it is asked for a checkpoint. */
function reader(party: Party = care.doctor, lies: Partial<AgentPort> = {}): Party {
  return lyingTo(network, party, {
    checkpoint: async (log) => {
      await network.checkpoint();
      if (party.log !== LOG) await network.checkpoint(party.log.split('/')[1]);
      return await party.agent.checkpoint(log);
    },
    ...lies,
  });
}

async function counted(party: Party, grant?: Grant): Promise<ListCount & { listed: number }> {
  const purpose = grant?.terms.purpose ?? 'PATRQT';
  const chart = await readChart(party, { handle: care.handle, purpose, ...(grant && { grant }) });
  return { ...(await confirmListed(party, chart)), listed: chart.records.length };
}

/** An agent that changes the list of a chart. */
function changing(
  change: (listed: readonly Acknowledgement[]) => readonly Acknowledgement[],
): Partial<AgentPort> {
  return {
    submit: async (submissions) => {
      const outcomes = await care.doctor.agent.submit(submissions);
      return outcomes.map((outcome): Outcome => {
        if (outcome.outcome !== 'acknowledged' || !outcome.release?.records) return outcome;
        const records = change(outcome.release.records);
        return { ...outcome, release: { ...outcome.release, records } };
      });
    },
  };
}

async function silent(): Promise<never> {
  return await Promise.reject(new MedsealError('NOT_YET', { what: 'copy of the log' }));
}

async function asked(party: Party, grant: Grant): Promise<ListedChart & { query: AuditQuery }> {
  const { handle } = care;
  const chart = await readChart(party, { handle, grant, purpose: grant.terms.purpose });
  await network.checkpoint();
  const { size, root } = await party.agent.checkpoint(LOG);
  return { ...chart, query: { ...chart.key, log: LOG, size, root, opening: grant } };
}

describe('the list of a chart', () => {
  it('is confirmed by k coordinators, for all records, for a category, and for the patient', async () => {
    assert.deepEqual(await counted(reader(), care.right.grant), { ...COMPLETE, listed: 5 });
    assert.deepEqual(await counted(reader(insurer), billing), { ...COMPLETE, listed: 1 });
    assert.deepEqual(await counted(reader(care.patient)), { ...COMPLETE, listed: 5 });
  });

  // @actor a coordinator is away, and each opened chart asks for its count twenty times a second for each log, with whatever error | pauses that grow and differ, eight questions at most, three where nobody answers
  it('asks a few times while coordinators are away, and fewer where nobody answers', async () => {
    for (const [tallies, most] of [
      [async () => await Promise.resolve([]), 8],
      [async () => await Promise.reject(new MedsealError('OVERLOADED', {})), 3],
    ] as const) {
      let [counts, all] = [0, 0];
      const count = async (): Promise<never[]> => {
        counts += 1;
        return await tallies();
      };
      const opened = reader(care.doctor, { tallies: count });
      const agent = new Proxy(opened.agent, {
        get(target, name) {
          all += 1;
          return Reflect.get(target, name) as unknown;
        },
      });
      const { complete } = await counted({ ...opened, agent }, care.right.grant);
      assert.ok(!complete);
      assert.equal(counts, most * ORGANISATIONS.length);
      assert.ok(all <= (most + 4) * ORGANISATIONS.length + 4, `${all} requests`);
    }
  });

  it('is confirmed for a right to one record alone', async () => {
    const chart = await readChart(reader(care.patient), {
      handle: care.handle,
      purpose: 'PATRQT',
    });
    const [{ record, category } = assert.fail()] = chart.records;
    const wanted = { ...everything(care.stranger), categories: [category], record };
    const { grant } = await grantRight(care.patient, { ...wanted, actions: ['read'] });
    assert.deepEqual(await counted(reader(care.stranger), grant), { ...COMPLETE, listed: 1 });
  });

  // @actor lying agent | to leave a record out of a chart
  it('from which a node leaves a record out is caught, and the log is named', async () => {
    const { grant } = care.right;
    for (const place of [0, 1, 2, 3]) {
      const short = reader(
        care.doctor,
        changing((listed) => listed.toSpliced(place, 1)),
      );
      const { complete, faults } = await counted(short, grant);
      assert.equal(complete, false);
      assert.match(
        faults.join(),
        /^care\/\w+: \d record versions are listed of \d: some were left/,
      );
    }
    const empty = await counted(
      reader(
        care.doctor,
        changing(() => []),
      ),
      grant,
    );
    assert.equal(empty.faults.length, 3);
  });

  // @actor lying agent | to put one record for another on a chart
  it('in which a node puts one record for another, or lists one twice, is caught', async () => {
    const { grant } = care.right;
    const swapped = reader(
      care.doctor,
      changing(([first, , ...others]) => (first ? [first, { ...first, index: 1 }, ...others] : [])),
    );
    const same = await counted(swapped, grant);
    assert.match(same.faults.join(), /other record versions are listed than counted/);
    const twice = reader(
      care.doctor,
      changing((listed) => [...listed, ...listed.slice(0, 1)]),
    );
    const { faults } = await counted(twice, grant);
    assert.match(faults.join(), /4 record versions are listed and 3 counted: some were added/);
  });

  it('is confirmed though one coordinator is behind or lies, and not if two are', async () => {
    const { grant } = care.right;
    for (const name of ['laboratory', 'insurer'] as const) {
      const { coordinator } = network.services(name);
      network.liars.coordinator.set(name, { ...coordinator, tally: silent });
      const { complete, faults, unchecked } = await counted(reader(), grant);
      assert.deepEqual([complete, faults], [name === 'laboratory', []]);
      if (!complete) assert.match(unchecked.join(), /whether the list is whole: 1 organisations/);
    }
    network.liars.coordinator.clear();
  });

  // @actor lying agent | to hide a log of which a chart has records
  it('is not confirmed by a node that hides the checkpoints of a log', async () => {
    const { agent } = care.doctor;
    const hiding = {
      ...changing((listed) => listed.filter(({ log }) => log === LOG)),
      checkpoint: async (log: string) => {
        if (log !== LOG) throw new MedsealError('NOT_YET', { what: 'checkpoint' });
        await network.checkpoint();
        return await agent.checkpoint(log);
      },
    };
    const fresh = { ...reader(care.doctor, hiding), device: memoryDevice() };
    const { complete, unchecked } = await counted(fresh, care.right.grant);
    assert.deepEqual([complete, unchecked.length], [false, 2]);
  });

  it('is read again if a record came in between, and confirmed then', async () => {
    const { grant } = care.right;
    let isFirst = true;
    const racing = reader(care.doctor, {
      checkpoint: async (log) => {
        if (isFirst) {
          isFirst = false;
          await add(care.doctor, 'laboratory', grant);
        }
        await network.checkpoint();
        return await care.doctor.agent.checkpoint(log);
      },
    });
    const shown: number[] = [];
    const { chart, count } = await readWholeChart(
      racing,
      { handle: care.handle, grant, purpose: 'TREAT' },
      { onChart: ({ records }) => shown.push(records.length) },
    );
    assert.deepEqual([count, shown, chart.records.length], [COMPLETE, [5, 6], 6]);
  });
});

describe('a count of a chart', () => {
  it('is given for the ticket of that view alone, which releases no entry', async () => {
    const { query } = await asked(care.doctor, care.right.grant);
    const { agent } = care.doctor;
    assert.equal((await agent.tallies(query)).length, 3);
    await assert.rejects(agent.audit({ ...query, from: 0 }), failsWith('RELEASE_UNKNOWN'));
    const { query: later } = await asked(care.doctor, care.right.grant);
    const mixed = { ...query, request: later.request };
    await assert.rejects(agent.tallies(mixed), failsWith('RELEASE_UNKNOWN'));
  });

  it('takes the opening of the right that was viewed under, and no wider one', async () => {
    const { query } = await asked(care.doctor, care.right.grant);
    const { agent } = care.doctor;
    const { opening: _, ...bare } = query;
    assert.deepEqual(await agent.tallies(bare), []);
    assert.deepEqual(await agent.tallies({ ...query, opening: billing }), []);
  });

  // @attack an agent leaves a record out of the chart of the dead that it shows a reader of the will | coordinators count by the will
  it('is given after the death for a right that the will lets stand, and for no other', async () => {
    const { patient, doctor, handle, right } = care;
    const other = await grantRight(patient, everything(lab));
    const will: Will = {
      terms: { grants: [right.digest], lasts: 3600, salt: `0x${'77'.repeat(16)}` },
      handle,
      number: 1,
      deadline: BEGIN,
    };
    const { query: former } = await asked(lab, other.grant);
    const told = { handle, contract: ZERO_ADDRESS, block: 0, transaction: ZERO32, logIndex: 0 };
    const reporter = doctor.address;
    const death = { ...told, what: 'death', report: word('death') } as const;
    const lives = ORGANISATIONS.map((name) => network.services(name).index.vital);
    for (const vital of lives) {
      vital.apply({ ...told, kind: 'WillSet', will: digestOf(doctor, 'Will', will), number: 1 });
      vital.apply({ ...death, kind: 'VitalReported', step: 1, reporter, reportedAt: BEGIN });
      const confirmed = { step: 2, confirmer: reporter, since: BEGIN };
      vital.apply({ ...death, kind: 'VitalConfirmed', ...confirmed });
    }
    const wanted = { handle, grant: right.grant, purpose: 'TREAT', will } as const;
    assert.deepEqual((await readWholeChart(reader(), wanted)).count, COMPLETE);
    assert.deepEqual(await lab.agent.tallies(former), []);
    assert.deepEqual(await lab.agent.tallies({ ...former, will }), []);
    for (const vital of lives) {
      vital.apply({ ...death, kind: 'VitalUndone', step: 3, undoing: word('undoing') });
    }
    assert.equal((await lab.agent.tallies(former)).length, 3);
  });

  // @actor former grantee | to follow how a chart grows by its counts
  it('is not given once the right has ended, or the view is minutes old', async () => {
    const { grant, digest } = await grantRight(care.patient, everything(care.stranger));
    const { query } = await asked(care.stranger, grant);
    const { agent } = care.stranger;
    assert.equal((await agent.tallies(query)).length, 3);
    await revokeRight(care.patient, digest);
    assert.deepEqual(await agent.tallies(query), []);
    const { query: doctors } = await asked(care.doctor, care.right.grant);
    network.clock.advance(299_000);
    assert.equal((await care.doctor.agent.tallies(doctors)).length, 3);
    network.clock.advance(2000);
    await assert.rejects(care.doctor.agent.tallies(doctors), failsWith('RELEASE_UNKNOWN'));
  });
});
