import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { hexToBytes } from '../../crypto/bytes.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import { submissionOf, viewOf } from '../../node/test/requests.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { AuditedEntry } from '../../protocol/evidence/evidence.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { recallSealed, rememberSealed } from '../party/sealedMemory.ts';
import { chainBlocks } from '../witness/chainBlocks.ts';
import { keepChain } from '../witness/keepChain.ts';
import { forgedLog } from '../test/forgedLog.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { twoTabs } from '../test/twoTabs.ts';
import type { Audit, AuditEvent, KeptAudit } from './Audit.ts';
import { examineAudit } from './examineAudit.ts';
import { entryOfEvent } from './entryOfEvent.ts';
import { fetchEntry } from './fetchEntry.ts';
import { keepAudit, recallAudit, sumUpAudit } from './keptAudit.ts';
import { faultsOf } from './readAudit.ts';

const LOG = 'care/hospital';
const NAME = 'audited';

let network: TestNetwork;
let care: Care;
/** The patient's device before it kept anything of an audit. */
let patientState: unknown;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  patientState = await care.patient.device.read('patient');
  await viewed(150);
});
after(async () => await network.close());

/** Has the doctor view the chart. */
async function viewed(times: number): Promise<void> {
  const { agent } = care.doctor;
  await agent.submit(Array.from({ length: times }, () => submissionOf(care, 'View', viewOf(care))));
  await network.checkpoint('hospital');
}

/** The patient at a device that remembers nothing but the chart, and whose agent lies as said. */
async function patientOn(lies: Partial<AgentPort> = {}, device = memoryDevice()): Promise<Party> {
  await device.write('patient', patientState);
  return lyingTo(network, { ...care.patient, device }, lies);
}

/** The same person at a device that has what another one kept of audits, and no more. */
async function withKeptOf(other: Party, lies: Partial<AgentPort> = {}): Promise<Party> {
  const patient = await patientOn(lies);
  await patient.device.write(NAME, await other.device.read(NAME));
  return patient;
}

/** Audits as a program does that goes on from what the device kept; counts the signatures that were verified. */
async function auditOf(
  patient: Party,
): Promise<{ audit: Audit; kept: KeptAudit | undefined; recovered: number }> {
  let recovered = 0;
  const primitives: Party['primitives'] = {
    ...care.patient.primitives,
    recover: (digest, signature) => {
      recovered += 1;
      return care.patient.primitives.recover(digest, signature);
    },
  };
  const kept = await recallAudit(patient);
  const audit = await examineAudit({ ...patient, primitives }, { kept });
  await keepAudit(patient, audit);
  return { audit, kept, recovered };
}

function linesOf({ logs }: Pick<Audit, 'logs'>): readonly AuditEvent[] {
  return logs.flatMap(({ events }) => events);
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }));
}

/** Leaves out one line. */
function hides(page: readonly AuditedEntry[]): readonly AuditedEntry[] {
  return page.filter(({ index }) => index !== 60);
}

/** The node and k coordinators hide one line together: they count one less. */
function hidingTogether(): Partial<AgentPort> {
  const { agent } = care.patient;
  return {
    audit: async (query) => hides(await agent.audit(query)),
    tallies: async (query) =>
      (await agent.tallies(query)).map(({ tally, coordinator }) => {
        const [key] = [...network.keys.values()].flatMap((each) =>
          each.coordinator.address === coordinator ? [each.coordinator] : [],
        );
        const fewer = { ...tally, count: tally.count - 1 };
        return {
          ...sign(care.patient, key ?? assert.fail(), 'Tally', fewer),
          tally: fewer,
          coordinator,
        };
      }),
  };
}

/** Verifying all 150 views takes three verdicts or two, and an author, of each. */
const ALL = 150;

describe('what a device keeps of an audit', () => {
  let patient: Party;
  let first: Audit;
  beforeEach(async () => {
    patient = await patientOn();
    const { audit, kept, recovered } = await auditOf(patient);
    first = audit;
    assert.equal(kept, undefined);
    assert.ok(recovered > ALL, `${recovered}`);
    assert.deepEqual(faultsOf(first), []);
  });

  it('is shown as of its time without a node, and has the next audit verify new entries alone, with the same findings', async () => {
    const agent = new Proxy(patient.agent, { get: () => away });
    const offline: Party = { ...patient, agent };
    const shown = (await recallAudit(offline)) ?? assert.fail();
    assert.equal(shown.at, JSON.parse(first.acknowledgement.body).at);
    assert.deepEqual([shown.lines, linesOf(shown.audit)], [linesOf(first).length, linesOf(first)]);
    assert.deepEqual(shown.audit.logs[0]?.checkpoint, first.logs[0]?.checkpoint);
    await viewed(2);
    const { audit, recovered } = await auditOf(patient);
    // Two views, the audit before, and checkpoints, counts and facts, which are always asked for.
    assert.ok(recovered < 60, `${recovered}`);
    assert.equal(linesOf(audit).length, linesOf(first).length + 3);
    const whole = await examineAudit(patient, { last: audit });
    assert.deepEqual(linesOf(whole).slice(0, -1), linesOf(audit));
    assert.deepEqual(audit.parts[0]?.entries.length, linesOf(audit).length);
    assert.equal(audit.logs[0]?.complete, true);
  });

  it('tells of new entries alone how far it is', async () => {
    await viewed(20);
    const told: string[] = [];
    await examineAudit(patient, {
      kept: await recallAudit(patient),
      onExamined: (log, done, of) => told.push(`${log} ${done} of ${of}`),
    });
    // With this audit itself.
    assert.equal(told[0], `${LOG} 0 of 21`);
    assert.ok(told.length > 1 && told.every((each) => each.endsWith(' of 21')), told.join());
  });

  // @attack somebody with a device's files alters what it keeps of audits | it is sealed and authenticated under a key of the seed, and all is proven again
  it('is dropped without an error if it was altered, or is not what a device keeps', async () => {
    const kept = String(await patient.device.read(NAME));
    const altered = `${kept.slice(0, 500)}${kept[500] === 'A' ? 'B' : 'A'}${kept.slice(501)}`;
    for (const value of [altered, kept.slice(0, -8), '', 'x', null, 7, {}, [kept]]) {
      await patient.device.write(NAME, value);
      assert.equal(await recallAudit(patient), undefined);
    }
    const damaged = {
      ...patient.device,
      read: async (name: string) =>
        name === NAME
          ? await Promise.reject(new MedsealError('SEAL_UNREADABLE', {}))
          : await patient.device.read(name),
    };
    assert.equal(await recallAudit({ ...patient, device: damaged }), undefined);
    const { recovered } = await auditOf({ ...patient, device: damaged });
    assert.ok(recovered > ALL);
  });

  it('is dropped if it is of another party, another key, another network file or another version of the program', async () => {
    const stored = (await recallSealed(patient, NAME)) as object;
    const seal = async (change: object): Promise<void> =>
      await rememberSealed(patient, NAME, { ...stored, ...change });
    await seal({});
    assert.ok(await recallAudit(patient), 'as it was');
    const network2 = { ...network.file, networkId: `0x${'11'.repeat(32)}` } as const;
    for (const change of [
      { format: 'medseal-audited/0' },
      { format: 'medseal-audited/2' },
      { party: care.doctor.address },
      { network: fingerprintOf(patient.primitives, network2) },
      { lines: [] },
    ]) {
      await seal(change);
      assert.equal(await recallAudit(patient), undefined, JSON.stringify(change));
    }
    await seal({});
    assert.equal(await recallAudit({ ...patient, network: network2 }), undefined);
    assert.equal(await recallAudit({ ...patient, address: care.doctor.address }), undefined);
    // Whoever had a former key could have written it.
    const keys = new PartyKeys(network.ports.random(32));
    const changed: Party = { ...patient, keys, formerKeys: [patient.keys] };
    assert.equal(await recallAudit(changed), undefined);
  });

  it('is dropped if it is of a time that has not come, as of a clock that was wrong', async () => {
    const { at } = (await recallAudit(patient)) ?? assert.fail();
    const clockAt = (time: number): Party['clock'] => ({
      ...patient.clock,
      now: () => time * 1000,
    });
    assert.ok(await recallAudit({ ...patient, clock: clockAt(at - 600) }));
    assert.equal(await recallAudit({ ...patient, clock: clockAt(at - 601) }), undefined);
  });

  it('does not say anything about another chart', async () => {
    const kept = (await recallAudit(patient)) ?? assert.fail();
    const handle = `0x${'22'.repeat(32)}` as const;
    const other = { ...kept, audit: { ...kept.audit, handle } };
    const { logs } = await examineAudit(patient, { kept: other });
    assert.deepEqual(faultsOf({ logs }), []);
  });

  // @attack an administrator signs another history for a device that was locked | what the device kept of its last audit names the root
  it('has a log told as a fault that forked meanwhile, though all coordinators signed it', async () => {
    const width = first.parts[0]?.checkpoint.size ?? 0;
    const rows = hexToBytes(
      await patient.agent.tile({
        log: LOG,
        level: 'entries',
        index: 0,
        width: Math.min(width, 256),
      }),
    );
    const entries = Array.from({ length: rows.length / 34 }, (_, row) =>
      rows.slice(34 * row + 2, 34 * row + 34),
    );
    const grown = [...entries, ...Array.from({ length: 200 }, () => network.ports.random(32))];
    const forged = forgedLog(network, LOG, grown.with(1, network.ports.random(32)));
    const { audit } = await auditOf(
      await withKeptOf(patient, { checkpoint: forged.checkpoint, tile: forged.tile }),
    );
    assert.match(
      audit.logs[0]?.faults.join() ?? '',
      /^an audit on this device proved another history of the log, of \d+ entries$/,
    );
  });

  // @attack a node was set back while a device was locked | the device knows how far its last audit was proven
  it('has a log told as a fault that went back', async () => {
    const old = await patient.agent.checkpoint(LOG);
    await viewed(1);
    const { audit } = await auditOf(patient);
    const { size = 0 } = audit.logs[0]?.checkpoint ?? {};
    assert.ok(size > old.size);
    const checkpoint = async (): Promise<typeof old> => await Promise.resolve(old);
    const back = await auditOf(await withKeptOf(patient, { checkpoint }));
    assert.match(
      back.audit.logs[0]?.faults.join() ?? '',
      new RegExp(`proved ${size} entries of the log, and the node serves ${old.size}`),
    );
    assert.equal(back.kept?.lines, linesOf(audit).length, 'what was proven before is still known');
  });

  // @attack a node and k coordinators hide a line together that the patient saw | the device knows the lines that its last audit proved
  it('finds out a node and coordinators that hide together a line that it proved', async () => {
    const lies = hidingTogether();
    const unaware = await examineAudit(await patientOn(lies));
    assert.deepEqual(unaware.logs[0]?.faults, [], 'nobody else can know');
    const { audit } = await auditOf(await withKeptOf(patient, lies));
    const lines = linesOf(first).filter(({ log }) => log === LOG).length;
    assert.match(
      audit.logs[0]?.faults.join() ?? '',
      new RegExp(`^this device proved ${lines} lines .* and ${lines - 1} are listed now`),
    );
  });

  it('is still compared with if every entry is verified again', async () => {
    const liar = await withKeptOf(patient, hidingTogether());
    const kept = await recallAudit(liar);
    const lied = await examineAudit(liar, { kept, afresh: true });
    assert.match(lied.logs[0]?.faults.join() ?? '', /^this device proved \d+ lines/);
    let recovered = 0;
    const primitives: Party['primitives'] = {
      ...patient.primitives,
      recover: (digest, signature) => {
        recovered += 1;
        return care.patient.primitives.recover(digest, signature);
      },
    };
    const all = await examineAudit({ ...patient, primitives }, { kept, afresh: true });
    assert.deepEqual(faultsOf(all), []);
    assert.ok(recovered > ALL, `${recovered}`);
  });

  it('hears of a body that was erased, and verifies again what stands beside it', async () => {
    const { agent } = care.patient;
    const erases: Partial<AgentPort> = {
      audit: async (query) =>
        (await agent.audit(query)).map(({ body, ...each }) =>
          each.index === 70 ? each : { ...each, ...(body !== undefined && { body }) },
        ),
    };
    const { audit, recovered } = await auditOf(await withKeptOf(patient, erases));
    assert.deepEqual(faultsOf(audit), []);
    assert.equal(linesOf(audit).find(({ index }) => index === 70)?.body, undefined);
    assert.match(audit.logs[0]?.unchecked.join() ?? '', /what 1 erased entries said/);
    // 64 of the 150 lines, with author and verdicts.
    assert.ok(recovered > 64 && recovered < 64 * 4 + 60, `${recovered}`);
  });

  it('does not take what a node says otherwise of an entry that it proved', async () => {
    const { agent } = care.patient;
    const lies: Partial<AgentPort> = {
      audit: async (query) =>
        (await agent.audit(query)).map((each) =>
          each.index === 70 ? { ...each, body: each.body?.replace('"A"', '"R"') ?? '' } : each,
        ),
    };
    const { audit } = await auditOf(await withKeptOf(patient, lies));
    assert.match(faultsOf(audit).join(), /#70: the entry is not the hash of its body/);
  });

  it('is not replaced by an audit with faults, of which it notes the time until one without', async () => {
    const { agent } = care.patient;
    const lies: Partial<AgentPort> = {
      audit: async (query) => (await agent.audit(query)).slice(1),
    };
    const liar = await withKeptOf(patient, lies);
    await auditOf(liar);
    const noted = (await recallAudit(liar)) ?? assert.fail();
    assert.ok((noted.doubted ?? 0) >= noted.at);
    assert.deepEqual(linesOf(noted.audit), linesOf(first));
    network.clock.advance(1000);
    for (const silent of [
      { checkpoint: away },
      { tallies: async () => await Promise.resolve([]) },
    ]) {
      const half = { ...(await withKeptOf(liar, silent)), device: liar.device };
      assert.deepEqual(faultsOf((await auditOf(half)).audit), []);
      assert.equal((await recallAudit(liar))?.doubted, noted.doubted, 'the log was not proven');
    }
    await auditOf({ ...liar, agent });
    assert.equal((await recallAudit(liar))?.doubted, undefined);
    const empty = await patientOn(lies);
    await auditOf(empty);
    assert.equal(await recallAudit(empty), undefined, 'nothing is kept of faults alone');
  });

  it('stays for a log that could not be examined this time, with the time of its own', async () => {
    const { agent } = care.patient;
    const before = (await recallAudit(patient)) ?? assert.fail();
    network.clock.advance(60_000);
    const lies: Partial<AgentPort> = {
      checkpoint: async (log) => {
        if (log === LOG) throw new MedsealError('OVERLOADED', {});
        return await agent.checkpoint(log);
      },
    };
    const half = { ...(await withKeptOf(patient, lies)), device: patient.device };
    const { audit } = await auditOf(half);
    assert.match(audit.logs[0]?.unchecked.join() ?? '', /what it holds/);
    const after = (await recallAudit(patient)) ?? assert.fail();
    assert.deepEqual(linesOf(after.audit), linesOf(first));
    assert.equal(after.at, before.at);
  });

  // @attack a node gives no counts once, so that the device forgets which lines it proved, and hides one later | what was counted before stays
  it('stays for a log whose entries nobody counted this time, so a line that is hidden later is found out', async () => {
    const before = (await recallAudit(patient)) ?? assert.fail();
    network.clock.advance(60_000);
    const uncounted = await withKeptOf(patient, {
      tallies: async () => await Promise.resolve([]),
    });
    const { audit } = await auditOf(uncounted);
    assert.deepEqual([faultsOf(audit), audit.logs[0]?.complete], [[], false]);
    const after = (await recallAudit(uncounted)) ?? assert.fail();
    assert.deepEqual(after.logs, before.logs);
    assert.deepEqual(linesOf(after.audit), linesOf(first));
    const { audit: next } = await auditOf(await withKeptOf(uncounted, hidingTogether()));
    assert.match(next.logs[0]?.faults.join() ?? '', /^this device proved \d+ lines/);
  });

  it('is written by the later audit of two tabs, whichever ends first', async () => {
    const [one, other] = twoTabs().tabs;
    const tab = await patientOn({}, one);
    const another = { ...tab, device: other };
    const early = await examineAudit(tab);
    network.clock.advance(5000);
    await viewed(1);
    const late = await examineAudit(another);
    await Promise.all([keepAudit(another, late), keepAudit(tab, early)]);
    assert.deepEqual(linesOf((await recallAudit(tab))?.audit ?? assert.fail()), linesOf(late));
  });

  it('has the next audit ask for new entries alone, with the lines and the count of one that asks for all', async () => {
    await viewed(3);
    const asked: number[] = [];
    const told: number[] = [];
    const { agent } = care.patient;
    const counting = await withKeptOf(patient, {
      audit: async (query) => {
        const page = await agent.audit(query);
        if (query.log === LOG) asked.push(query.from);
        told.push(page.length);
        return page;
      },
    });
    const kept = (await recallAudit(counting)) ?? assert.fail();
    const news = await examineAudit(counting, { kept, onlyNew: true });
    const { size = 0 } = first.logs[0]?.checkpoint ?? {};
    assert.equal(asked[0], size);
    // Three views, and this audit itself.
    assert.equal(
      told.reduce((sum, count) => sum + count),
      4,
    );
    assert.deepEqual(faultsOf(news), []);
    assert.deepEqual([news.logs[0]?.complete, news.logs[0]?.older], [true, 0]);
    const whole = await examineAudit(counting, { kept });
    assert.deepEqual(linesOf(whole).slice(0, -1), linesOf(news));
    await assert.rejects(async () => {
      keepChain(counting, news, await chainBlocks(counting.primitives, news));
    }, failsWith('ARGUMENT_INVALID'));
    const one = await sumUpAudit(counting, news);
    const next = await examineAudit(counting, { kept: one, onlyNew: true });
    assert.deepEqual(faultsOf(next), []);
    const all = await examineAudit(counting, { kept: one });
    assert.deepEqual([faultsOf(all), linesOf(next)], [[], linesOf(all).slice(0, -1)]);
  });

  it('says how many older lines it does not have to show, and the entry of an older one comes from the node', async () => {
    const stored = (await recallSealed(patient, NAME)) as { events: readonly AuditEvent[] };
    await rememberSealed(patient, NAME, { ...stored, events: stored.events.slice(100) });
    const kept = (await recallAudit(patient)) ?? assert.fail();
    assert.equal(kept.lines, linesOf(first).length);
    const news = await examineAudit(patient, { kept, onlyNew: true });
    assert.deepEqual(faultsOf(news), []);
    assert.equal(news.logs[0]?.older, 100);
    assert.equal(linesOf(news).length, linesOf(first).length - 100 + 1);
    const line = linesOf(news)[5] ?? assert.fail();
    const entry = await fetchEntry(patient, news, line);
    assert.deepEqual(JSON.parse(entry.body), line.body);
    assert.ok(entry.verdicts.length >= 2);
    const own = linesOf(news).at(-1) ?? assert.fail();
    assert.deepEqual(await fetchEntry(patient, news, own), entryOfEvent(news, own));
    const others = { ...line, entry: own.entry };
    await assert.rejects(fetchEntry(patient, news, others), failsWith('NOT_FOUND'));
    const late = { ...news, key: { ...news.key, ticket: '0'.repeat(32) } };
    await assert.rejects(fetchEntry(patient, late, line), failsWith('RELEASE_UNKNOWN'));
  });

  it('does not keep an audit of new entries from finding what a node leaves out of them, adds, or puts among the older ones', async () => {
    await viewed(2);
    const { agent } = care.patient;
    const kept = (await recallAudit(patient)) ?? assert.fail();
    const { size = 0 } = first.logs[0]?.checkpoint ?? {};
    const lies: readonly [RegExp, (page: readonly AuditedEntry[]) => readonly AuditedEntry[]][] = [
      [/some were left out/, (page) => page.filter(({ index }) => index !== size)],
      [/#\d+: it is listed twice/, (page) => page.flatMap((each) => [each, each])],
      [
        /its place|out of order/,
        (page) => page.map((each) => ({ ...each, index: each.index === size ? 40 : each.index })),
      ],
    ];
    for (const [reason, lie] of lies) {
      const liar = await withKeptOf(patient, {
        audit: async (query) => {
          const page = await agent.audit(query);
          return query.log === LOG ? lie(page) : page;
        },
      });
      const audit = await examineAudit(liar, { kept, onlyNew: true });
      assert.match(faultsOf(audit).join(), reason);
      assert.equal(audit.logs[0]?.older, undefined, 'all was proven again first');
    }
  });

  it('is gone on from if it is an older copy of the device', async () => {
    const copy = await patient.device.read(NAME);
    await viewed(1);
    await auditOf(patient);
    await patient.device.write(NAME, copy);
    const { audit, recovered } = await auditOf(patient);
    assert.deepEqual(faultsOf(audit), []);
    assert.ok(recovered < 60, `${recovered}`);
  });

  it('stays as it was if the device has no space', async () => {
    const full = {
      ...patient.device,
      write: async () => await Promise.reject(new MedsealError('DEVICE_FULL', {})),
    };
    const audit = await examineAudit(patient);
    await assert.rejects(keepAudit({ ...patient, device: full }, audit), failsWith('DEVICE_FULL'));
    assert.deepEqual(linesOf((await recallAudit(patient))?.audit ?? assert.fail()), linesOf(first));
  });
});
