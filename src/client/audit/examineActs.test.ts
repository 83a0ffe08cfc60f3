import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { openSampleLog } from '../../log/test/sampleLog.ts';
import { acknowledgedBy, refusedWith, submitted, viewOf } from '../../node/test/requests.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { AuditedEntry, Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../protocol/evidence/parseEvidenceFile.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { placesFor } from '../../services/entries/placesFor.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { chainBlocks, chainGenesis } from '../witness/chainBlocks.ts';
import { examineChain } from '../witness/examineChain.ts';
import { keepChain } from '../witness/keepChain.ts';
import type { Audit, AuditEvent } from './Audit.ts';
import { examineActs } from './examineActs.ts';
import { faultsOf, readAudit } from './readAudit.ts';

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;
/** A second patient of the doctor. */
let other: Care;
let insurer: Party;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  other = await startCare(network);
  insurer = await network.party('insurer', { organisation: 'insurer' });
  const { doctor, patient, handle, right } = care;
  const wanted = { handle, purpose: 'TREAT', category: 'laboratory', grant: right.grant } as const;
  await addRecord(doctor, { ...wanted, content: Uint8Array.of(1) });
  // Acts of others, on the same chart and on another one.
  await addRecord(patient, {
    handle,
    purpose: 'PATRQT',
    category: 'sensitive',
    content: Uint8Array.of(2),
  });
  await readChart(other.doctor, {
    handle: other.handle,
    grant: other.right.grant,
    purpose: 'TREAT',
  });
  await assert.rejects(
    readChart(doctor, { handle: other.handle, purpose: 'TREAT' }),
    failsWith('RIGHT_MISSING'),
  );
  const { grant } = await grantRight(patient, everything(insurer));
  await readChart(insurer, { handle, grant, purpose: 'TREAT' });
  await network.checkpoint();
  await network.checkpoint('insurer');
});
after(async () => await network.close());

async function actsOf(party: Party, lies: Partial<AgentPort> = {}): Promise<Audit> {
  return await examineActs(lyingTo(network, party, lies));
}

async function silent(): Promise<never> {
  return await Promise.reject(new MedsealError('NOT_YET', { what: 'copy' }));
}

function told({ logs }: Audit): readonly string[] {
  return logs.flatMap(({ log, events }) =>
    events.map(({ body }) => {
      const { type, message } = body?.request ?? assert.fail();
      return `${log} ${body?.flag} ${type} ${'what' in message ? message.what : ''}`.trim();
    }),
  );
}

const says = (
  change: (page: readonly AuditedEntry[]) => readonly AuditedEntry[],
): Partial<AgentPort> => ({
  audit: async (query) => {
    const page = await care.doctor.agent.audit(query);
    return query.log === LOG ? change(page) : page;
  },
});

describe('the chain of a party', () => {
  it('has all that it signed itself, accepted or refused, on any chart and in any log, and the look', async () => {
    const acts = await actsOf(care.doctor);
    assert.deepEqual(faultsOf(acts), []);
    assert.deepEqual(told(acts), [`${LOG} A Write`, `${LOG} R View chart`, `${LOG} A View chain`]);
    assert.deepEqual(told(await actsOf(insurer)), [
      'care/insurer A View chart',
      'care/insurer A View chain',
    ]);
    assert.deepEqual(told(await actsOf(care.stranger)), [`${LOG} A View chain`]);
    const [block] = await chainBlocks(network.ports.primitives, acts);
    assert.equal(block?.header.previousHash, chainGenesis(acts));
    assert.ok(chainGenesis(acts).endsWith(care.doctor.address.slice(2)));
  });

  it('is shown to be complete by k coordinators, in each log that has a checkpoint', async () => {
    const { logs } = await actsOf(care.doctor);
    assert.deepEqual(
      logs.map(({ log, complete }) => [log, complete]),
      [
        [LOG, true],
        ['care/laboratory', false],
        ['care/insurer', true],
      ],
    );
  });

  it('is on nobody’s audit: the look concerns no patient', async () => {
    await actsOf(care.doctor);
    const { logs } = await readAudit(lyingTo(network, care.patient, {}));
    assert.ok(logs.every(({ events }) => events.every(({ body }) => !isChain(body))));
  });

  // @actor lying agent | to leave an entry out of a party's chain
  it('that a node shortens, lengthens or swaps is caught', async () => {
    const left = await actsOf(
      care.doctor,
      says((page) => page.slice(1)),
    );
    assert.match(faultsOf(left).join(), /\d entries are listed of \d: some were left out/);
    const { key } = await actsOf(care.doctor);
    const others = await actsOf(care.stranger, {
      audit: async (query) => await care.doctor.agent.audit({ ...query, ...key }),
    });
    assert.match(faultsOf(others).join(), /#0: the party did not sign it/);
    const bare = await actsOf(
      care.doctor,
      says((page) =>
        page.map(({ index, entry, verdicts, inclusion }) => ({
          index,
          entry,
          verdicts,
          inclusion,
        })),
      ),
    );
    assert.match(faultsOf(bare).join(), /nothing shows that the party signed it/);
  });

  it('that a coordinator counts wrongly is still shown complete by the others', async () => {
    const { coordinator } = network.services('insurer');
    network.liars.coordinator.set('insurer', { ...coordinator, tally: silent });
    const [hospital] = (await actsOf(care.doctor)).logs;
    network.liars.coordinator.clear();
    assert.equal(hospital?.complete, true);
  });

  it('is saved and examined again with the network file alone, and by no other name', async () => {
    const acts = await actsOf(care.doctor);
    const { primitives } = network.ports;
    const saved = keepChain(care.doctor, acts, await chainBlocks(primitives, acts));
    const parsed = parseEvidenceFile(utf8ToBytes(formatEvidenceFile(saved)));
    assert.ok(parsed.kind === 'chain');
    const context = { network: network.file, domain: care.doctor.domain, primitives };
    const found = await examineChain(context, parsed.chain);
    const faults = [...found.faults, ...found.blocks.flatMap((block) => block.faults)];
    assert.deepEqual([faults, found.logs[0]?.complete], [[], true]);
    const reason = 'it does not belong to a look by the party';
    for (const change of [{ party: insurer.address }, { handle: care.handle }]) {
      await assert.rejects(
        examineChain(context, { ...saved, ...change }),
        failsWith('EVIDENCE_INVALID', { reason }),
      );
    }
    const { party: _, ...asPatients } = saved;
    await assert.rejects(examineChain(context, asPatients), failsWith('EVIDENCE_INVALID'));
  });

  it('is asked for with a request that names no chart, record, version or right', async () => {
    const { doctor, handle, right } = care;
    const own: Partial<View> = { what: 'chain', handle: ZERO32, grant: ZERO32 };
    const view = (change: Partial<View>): View => viewOf(care, { ...own, ...change });
    await acknowledgedBy(doctor, { request: sign(doctor, doctor, 'View', view({})) });
    for (const change of [
      { handle },
      { grant: right.digest },
      { record: right.digest },
      { version: 1 },
    ]) {
      const request = sign(doctor, doctor, 'View', view(change));
      const outcome = await submitted(doctor, { request, opening: right.grant });
      refusedWith(outcome, 'REQUEST_MALFORMED');
    }
    const foreign = { ...sign(doctor, insurer, 'View', view({})), party: doctor.address };
    refusedWith(await submitted(doctor, { request: foreign }), 'SIGNATURE_INVALID');
  });

  it('is not opened by the ticket of somebody else’s look, nor for a party that is suspended', async () => {
    const acts = await actsOf(care.doctor);
    const { size, root } = await care.doctor.agent.checkpoint(LOG);
    const request = digestOf(care.doctor, 'View', viewOf(care));
    const query = { ...acts.key, request, log: LOG, size, root, from: 0 };
    await assert.rejects(insurer.agent.audit(query), failsWith('RELEASE_UNKNOWN'));
    await suspend(network, insurer, 1);
    await assert.rejects(actsOf(insurer), failsWith('PARTY_SUSPENDED'));
    await suspend(network, insurer, 2);
  });
});

describe('what others did, or was erased', () => {
  // @actor reader | to learn from its chain what others did
  it('leaves no trace in a party’s chain: worlds that differ in nothing else give the same bytes', async () => {
    const { contributor } = network.services();
    const { checkpoint } = (await contributor.latestCheckpoint(LOG)) ?? assert.fail();
    const all = await contributor.read({ log: LOG, from: 0, to: checkpoint.size });
    const isOwn = (index: number): boolean => bodyAt(index).request.party === care.doctor.address;
    const bodyAt = (index: number): Body => JSON.parse(all[index]?.body ?? '') as Body;
    const [own, foreign] = [true, false].map((wanted) =>
      [...all.keys()].filter((index) => isOwn(index) === wanted),
    ) as [number[], number[]];
    assert.ok(own.length >= 3 && foreign.length >= 3);
    // The same number of entries, so that even the places are the same; then fewer, and more.
    const swapped = [...all.keys()].map((index) =>
      isOwn(index) ? index : (foreign[(foreign.indexOf(index) + 1) % foreign.length] ?? index),
    );
    const expected = await chainIn([...all.keys()]);
    assert.equal(await chainIn(swapped), expected);
    const erased = foreign[0] ?? assert.fail();
    assert.equal(await chainIn([...all.keys()], [erased]), expected);
    assert.equal(await chainIn(own, [], false), await chainIn([...all.keys()], [], false));
    const shorter = await chainIn([...all.keys()], [own[1] ?? 0], false);
    assert.equal(shorter, await chainIn(own.toSpliced(1, 1), [], false));

    /** The doctor's chain, in a log of these entries of which some were erased, as text. */
    async function chainIn(
      places: readonly number[],
      erasing: readonly number[] = [],
      withPlaces = true,
    ): Promise<string> {
      const log = await openSampleLog();
      for (const place of places) {
        const { entry = ZERO32, body = '' } = all[place] ?? {};
        const { deadline, handle } = bodyAt(place).request.message;
        await log.append([{ entry, body, request: entry, deadline, handle, verdicts: [] }]);
      }
      for (const index of erasing) await log.erase(index);
      const party = care.doctor.address;
      const message = viewOf(care, { what: 'chain', handle: ZERO32 });
      const listed = await placesFor(log, { party, message }, log.size);
      const events = await Promise.all(
        listed.map(async (index) => await eventAt(log, index, withPlaces ? index : 0)),
      );
      const wholly = { log: LOG, events, complete: true, faults: [], unchecked: [] };
      const subject = { handle: ZERO32, party, logs: [wholly] };
      return JSON.stringify(await chainBlocks(network.ports.primitives, subject));
    }
  });
});

async function eventAt(log: EvidenceLog, place: number, index: number): Promise<AuditEvent> {
  const [read] = await log.readAt([place]);
  const { entry, body } = read ?? assert.fail();
  return { log: LOG, index, entry, body: JSON.parse(body) as Body, size: body.length };
}

function isChain(body: Body | undefined): boolean {
  return (body?.request.message as View | undefined)?.what === 'chain';
}
