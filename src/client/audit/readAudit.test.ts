import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { logRowKeys } from '../../log/keys.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import type { AuditedEntry, SignedTally } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from '../records/addRecord.ts';
import { examineAudit } from './examineAudit.ts';
import type { Party } from '../party/Party.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { grantRight } from '../rights/grantRight.ts';
import { readAudit } from './readAudit.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { submitEvidence } from '../agent/submit.ts';

/** A patient with what happened to the chart at two organisations, others' entries between. */
let network: TestNetwork;
let care: Care;
let lab: Party;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { patient, doctor, stranger, handle, right } = care;
  const wanted = { handle, purpose: 'TREAT', category: 'laboratory', grant: right.grant } as const;
  await addRecord(doctor, { ...wanted, content: Uint8Array.of(1) });
  const other = await startCare(network);
  await addRecord(other.doctor, {
    ...wanted,
    handle: other.handle,
    grant: other.right.grant,
    content: Uint8Array.of(2),
  });
  lab = await network.party('lab', { organisation: 'laboratory' });
  const forLab = await grantRight(patient, everything(lab));
  await addRecord(lab, { ...wanted, grant: forLab.grant, content: Uint8Array.of(3) });
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  const [record] = chart.records;
  assert.ok(record);
  await readRecord(doctor, chart, record);
  await assert.rejects(
    readChart(stranger, { handle, purpose: 'TREAT' }),
    failsWith('RIGHT_MISSING'),
  );
  await network.checkpoint('laboratory');
});

after(async () => {
  await network.close();
});

/** The patient at a device whose agent lies as said. */
function patientWith(lies: Partial<AgentPort> = {}): Party {
  return lyingTo(network, care.patient, lies);
}

const says = (
  change: (page: readonly AuditedEntry[]) => readonly unknown[],
): Partial<AgentPort> => ({
  audit: async (query) => {
    const page = await care.patient.agent.audit(query);
    return (query.log === 'care/hospital' ? change(page) : page) as readonly AuditedEntry[];
  },
});

/** An entry of the other patient, as the log would list it. */
async function foreign(): Promise<AuditedEntry> {
  const { note: _, ...checkpoint } = await care.patient.agent.checkpoint('care/hospital');
  const proof = await care.patient.agent.receipt({ log: 'care/hospital', index: 1 });
  assert.ok(!isPending(proof));
  const { inclusion } = proof;
  const contributor = network.services().contributor;
  const [one] = await contributor.read({ log: 'care/hospital', from: 1, to: 2 });
  assert.ok(one && checkpoint.size > 1);
  const { index, entry, body = '', verdicts } = one;
  return { index, entry, body, verdicts, inclusion };
}

describe('an audit', () => {
  it('lists each write, view and refusal concerning the patient in every log, and itself', async () => {
    const audit = await readAudit(patientWith());
    const told = audit.logs.map(({ log, events, complete }) => [
      log,
      complete,
      events.map(({ body }) => {
        const { type, message } = body?.request ?? assert.fail();
        return `${body?.flag} ${type} ${'what' in message ? message.what : ''}`.trim();
      }),
    ]);
    assert.deepEqual(told.slice(1), [
      ['care/laboratory', true, ['A Write']],
      ['care/insurer', false, []],
    ]);
    const [[, , hospital]] = told as [[string, boolean, string[]]];
    assert.deepEqual(hospital.slice(0, 4), [
      'A Write',
      'A View chart',
      'A View record',
      'R View chart',
    ]);
    assert.deepEqual(new Set(hospital.slice(4)), new Set(['A View audit']));
    assert.equal(audit.logs[0]?.events.at(-1)?.index, audit.acknowledgement.index);
  });

  it('says plainly what it could not check', async () => {
    const { logs } = await readAudit(patientWith());
    const [hospital, laboratory, insurer] = logs.map(({ unchecked }) => unchecked);
    assert.match(hospital?.join() ?? '', /^entries after the first \d+ of the log$/);
    assert.deepEqual(laboratory, ['entries after the first 1 of the log']);
    assert.deepEqual(insurer, ['it has no checkpoint yet']);
  });

  it('waits for the checkpoint over itself, then says that the promise was broken and what it knows', async () => {
    const old = await care.patient.agent.checkpoint('care/hospital');
    const stale = async (log: string) =>
      log === 'care/hospital' ? old : await care.patient.agent.checkpoint(log);
    const waits = new Map<string, number>();
    const began = network.clock.now() / 1000;
    const { logs } = await examineAudit(patientWith({ checkpoint: stale }), {
      onWait: (log, until) => waits.set(log, until),
    });
    assert.deepEqual([...waits.keys()], ['care/hospital']);
    const left = (waits.get('care/hospital') ?? 0) - began;
    assert.ok(left >= 65 && left <= 75, `${left} s`);
    assert.ok(network.clock.now() / 1000 - began >= left);
    const [hospital] = logs;
    assert.match(
      hospital?.faults.join('; ') ?? '',
      new RegExp(
        `^a checkpoint of \\d+ entries was promised until 2\\d{3}-.*Z, and the node serves one of ${old.size}; `,
      ),
    );
    assert.ok((hospital?.events.length ?? 0) > 3, 'what stands under the old one is told');
  });

  it('is an event itself: the next one lists it', async () => {
    const first = await readAudit(patientWith());
    const second = await readAudit(patientWith());
    const listed = second.logs[0]?.events.map(({ entry }) => entry) ?? [];
    assert.ok(listed.includes(first.acknowledgement.entry));
    assert.equal(listed.length, (first.logs[0]?.events.length ?? 0) + 1);
  });

  const lists: [string, RegExp, (page: readonly AuditedEntry[]) => readonly unknown[]][] = [
    ['without the first entry', /of \d+: some were left out/, (page) => page.slice(1)],
    ['without one in the middle', /some were left out/, (page) => page.toSpliced(2, 1)],
    [
      'without the refusal',
      /some were left out/,
      (page) => page.filter(({ body }) => !body?.includes('"R"')),
    ],
    ['without itself', /some were left out|not listed/, (page) => page.slice(0, -1)],
    ['of nothing', /0 entries are listed of \d+/, () => []],
    [
      'with an entry twice',
      /#0: it is listed twice/,
      (page) => page.flatMap((each, place) => (place === 0 ? [each, each] : [each])),
    ],
    [
      'with an entry again at another place',
      /it is listed twice/,
      (page) => page.map((each, place) => (place === 1 ? { ...page[0], index: each.index } : each)),
    ],
    [
      'in another order',
      /it is out of order/,
      (page) => page.toSpliced(1, 2, ...page.slice(1, 3).toReversed()),
    ],
    [
      'with another body',
      /#0: the entry is not the hash of its body/,
      (page) => page.map((each, place) => (place === 0 ? { ...each, body: page[1]?.body } : each)),
    ],
    [
      'with a changed body',
      /the entry is not the hash/,
      (page) => page.map((each) => ({ ...each, body: each.body?.replace('"R"', '"A"') })),
    ],
    [
      'at other places',
      /does not hold it at its place/,
      (page) => page.map((each, place) => (place === 0 ? { ...each, index: 1 } : each)),
    ],
    [
      'with too few verdicts',
      /too few coordinators/,
      (page) => page.map((each) => ({ ...each, verdicts: each.verdicts.slice(1).slice(1) })),
    ],
    [
      'without proofs',
      /does not hold it at its place/,
      (page) => page.map((each) => ({ ...each, inclusion: [] })),
    ],
    [
      'with places that are not numbers',
      /it has no place/,
      (page) => page.map((each) => ({ ...each, index: String(each.index) })),
    ],
    [
      'of places beyond the log',
      /its place/,
      (page) => page.map((each) => ({ ...each, index: each.index + 1e6 })),
    ],
  ];
  for (const [name, reason, change] of lists) {
    it(`notices a list ${name}`, async () => {
      await assert.rejects(readAudit(patientWith(says(change))), (error: Error) => {
        assert.ok(failsWith('EVIDENCE_INVALID')(error));
        assert.match(error.message, /care\/hospital/);
        assert.match(error.message, reason);
        return true;
      });
    });
  }

  it('notices another patient’s entry, added or in place of an own one', async () => {
    const other = await foreign();
    const { inclusion: _, ...rest } = other;
    for (const change of [
      (page: readonly AuditedEntry[]) => page.toSpliced(1, 0, other),
      (page: readonly AuditedEntry[]) => page.toSpliced(1, 1, other),
      (page: readonly AuditedEntry[]) => page.toSpliced(1, 0, { ...rest, inclusion: [] }),
    ]) {
      const audit = await examineAudit(patientWith(says(change)));
      assert.match(JSON.stringify(audit.logs[0]?.events[1]?.fault), /another patient|its place/);
    }
  });

  // @actor k coordinators | to speak in a party's name, with an agent
  it('goes on after an entry that does not hold, and names each', async () => {
    const swapped = says((page) =>
      page.map((each, place) => (place === 1 ? { ...each, body: '{}' } : each)),
    );
    const { logs } = await examineAudit(patientWith(swapped));
    const faulty = logs[0]?.events.filter(({ fault }) => fault !== undefined);
    assert.deepEqual(
      faulty?.map(({ index }) => index),
      [2],
    );
    assert.deepEqual(logs[0]?.faults, []);
  });

  it('comes to an end with a node that lists for ever, or gives no list', async () => {
    const { agent } = care.patient;
    const endless = {
      audit: async (query: Parameters<AgentPort['audit']>[0]) =>
        (await agent.audit({ ...query, from: 0 })).slice(0, 1),
    };
    const { logs } = await examineAudit(patientWith(endless));
    assert.deepEqual(
      logs[0]?.events.map(({ fault }) => fault),
      [undefined, 'it is listed twice'],
    );
    for (const page of [undefined, null, 'x', [null], [7]]) {
      const audit = await examineAudit(patientWith(says(() => page as unknown[])));
      assert.match(audit.logs[0]?.unchecked.join() ?? '', /what it holds: /);
    }
  });

  it('takes a count only from k organisations, over its own question and tree', async () => {
    const { agent } = care.patient;
    const counts = (
      change: (tallies: readonly SignedTally[]) => readonly unknown[],
    ): Partial<AgentPort> => ({
      tallies: async (query) => {
        const tallies = await agent.tallies(query);
        return (query.log === 'care/hospital' ? change(tallies) : tallies) as SignedTally[];
      },
    });
    let before: readonly SignedTally[] = [];
    await readAudit(patientWith(counts((tallies) => (before = tallies))));
    const changes: ((tallies: readonly SignedTally[]) => readonly unknown[])[] = [
      () => [],
      ([first]) => [first],
      ([first]) => [first, first],
      () => before,
      (tallies) => tallies.map((each) => ({ ...each, tally: { ...each.tally, count: 7 } })),
      ([first, ...others]) => [
        first,
        ...others.map((each) => ({ ...each, coordinator: first?.coordinator })),
      ],
      () => [null, 7, {}],
      () => 'x' as unknown as unknown[],
    ];
    for (const change of changes) {
      const audit = await readAudit(patientWith(counts(change)));
      assert.deepEqual(
        audit.logs.map(({ complete }) => complete),
        [false, true, false],
      );
      assert.match(audit.logs[0]?.unchecked.join() ?? '', /whether the list is whole/);
    }
  });

  it('names a coordinator that counts otherwise, and believes the others', async () => {
    const [coordinator] = network.file.channels[0]?.coordinators ?? [];
    const { address, organisation } = coordinator ?? assert.fail();
    const real = network.services(organisation).coordinator;
    const lie = async (): Promise<SignedTally> => {
      const key = network.keys.get(organisation)?.coordinator ?? assert.fail();
      const tally = { nonce: ZERO32, log: ZERO32, handle: ZERO32, size: 1, count: 0, last: ZERO32 };
      return await Promise.resolve({
        ...sign(care.patient, key, 'Tally', tally),
        tally,
        coordinator: key.address,
      });
    };
    network.liars.coordinator.set(organisation, { ...real, tally: lie });
    const away = await readAudit(patientWith());
    assert.equal(away.logs[0]?.complete, true, 'an answer to another question does not count');
    network.liars.coordinator.set(organisation, {
      ...real,
      tally: async (query) => {
        const { tally } = await real.tally(query);
        const key = network.keys.get(organisation)?.coordinator ?? assert.fail();
        const fewer = { ...tally, count: tally.count - 1 };
        const { signature } = sign(care.patient, key, 'Tally', fewer);
        return { tally: fewer, coordinator: key.address, signature };
      },
    });
    const audit = await readAudit(patientWith());
    network.liars.coordinator.clear();
    assert.equal(audit.logs[0]?.complete, true);
    assert.match(audit.logs[0]?.unchecked.join() ?? '', new RegExp(`coordinator ${address}`));
  });

  it('lists what was erased as erased, and counts it', async () => {
    const erased = says((page) =>
      page.map(({ body, ...each }, place) => (place === 0 ? each : { ...each, body })),
    );
    const [hospital] = (await readAudit(patientWith(erased))).logs;
    assert.equal(hospital?.events[0]?.body, undefined);
    assert.match(hospital?.unchecked.join() ?? '', /what 1 erased entries said/);
  });

  it('lists what the log erased as erased', async () => {
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      const rows = network.database(name, 'logs/laboratory');
      const view = { keyEncoding: 'view', valueEncoding: 'view' } as const;
      await rows.put<Uint8Array, Uint8Array>(logRowKeys.body(0), new Uint8Array(), view);
    }
    const [, laboratory] = (await readAudit(patientWith())).logs;
    assert.deepEqual(
      laboratory?.events.map(({ index, body }) => [index, body]),
      [[0, undefined]],
    );
    assert.equal(laboratory?.complete, true);
    assert.match(laboratory?.unchecked.join(), /what 1 erased entries said/);
  });

  it('is for the patient alone: not for a grantee, nor for another patient', async () => {
    const { doctor, handle, right } = care;
    const view: View = {
      log: 'care/hospital',
      what: 'audit',
      handle,
      record: ZERO32,
      version: 0,
      grant: right.digest,
      purpose: 'TREAT',
      deadline: Math.floor(network.clock.now() / 1000) + 300,
      salt: `0x${'ab'.repeat(16)}`,
    };
    const opening = right.grant;
    for (const message of [view, { ...view, grant: ZERO32 }]) {
      await assert.rejects(
        submitEvidence(doctor, 'View', message, { opening }),
        failsWith('RIGHT_MISSING'),
      );
    }
    const another = (await startCare(network)).patient;
    const others = { ...view, grant: ZERO32, salt: `0x${'cd'.repeat(16)}` } as const;
    await assert.rejects(submitEvidence(another, 'View', others), failsWith('RIGHT_MISSING'));
  });

  it('releases nothing without the ticket of an acknowledged audit', async () => {
    const { agent } = care.patient;
    const audit = await readAudit(patientWith());
    const { size, root } = audit.logs[0]?.checkpoint ?? assert.fail();
    const request = ZERO32;
    const query = { ticket: 'ab'.repeat(16), request, log: 'care/hospital', size, root };
    await assert.rejects(agent.audit({ ...query, from: 0 }), failsWith('RELEASE_UNKNOWN'));
    await assert.rejects(agent.tallies(query), failsWith('RELEASE_UNKNOWN'));
  });
});
