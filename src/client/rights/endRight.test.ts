import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import type { End } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Party } from '../party/Party.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { endRight } from './endRight.ts';
import { grantRight, type GrantGiven } from './grantRight.ts';
import { listGrants } from './listGrants.ts';

const BOUND = 90;
const ALL = ['hospital', 'laboratory', 'insurer'] as const;

let network: TestNetwork;
let care: Care;
let other: Care;
/** Rights of the stranger on the patient's chart. */
let second: GrantGiven;
let third: GrantGiven;

before(async () => {
  network = await startTestNetwork({ guarded: true, maxAge: BOUND });
  care = await startCare(network);
  other = await startCare(network);
  second = await grantRight(care.patient, everything(care.stranger));
  const vitals = { ...everything(care.stranger), categories: ['vitals'] } as const;
  third = await grantRight(care.patient, vitals);
  await add(care.doctor, care.right.grant);
  await network.checkpoint();
  network.clock.advance((BOUND + 1 - network.services().index.age) * 1000);
});
after(async () => await network.close());

async function add(party: Party, grant: GrantGiven['grant']): Promise<void> {
  const own = { handle: grant.handle, category: 'vitals', purpose: 'TREAT', grant } as const;
  await addRecord(party, { ...own, content: utf8ToBytes('a note') });
}

async function read(party: Party, { grant }: Pick<GrantGiven, 'grant'>): Promise<number> {
  return (await readChart(party, { handle: grant.handle, grant, purpose: 'TREAT' })).records.length;
}

/** State of a grant as an organisation judges by it, and as the ledger has it. */
async function standing(name: string, digest: Bytes32): Promise<readonly unknown[]> {
  const { index } = network.services(name);
  await index.refresh();
  return [index.grant(digest)?.state, index.grantOnLedger(digest)?.state];
}

/** Has an organisation keep no requests until the liars are cleared. */
function keepsNothing(name: string): void {
  const { contributor } = network.services(name);
  const away = new MedsealError('PEER_UNREACHABLE', { peer: name });
  const keepRules = async (): Promise<never> => await Promise.reject(away);
  network.liars.contributor.set(name, { ...contributor, keepRules });
}

/** The answer of an agent to an end that somebody signed, and the number of organisations that judge by it. */
async function sent(
  signer: Party,
  end: Partial<End>,
  along: Partial<Submission> = {},
): Promise<readonly [code: string | undefined, holding: number]> {
  const { patient, handle } = care;
  const deadline = seconds(network.clock) + 86_400;
  const message = { handle, grant: second.digest, deadline, ...end };
  const request = sign(signer, signer, 'End', message);
  const [outcome] = (await patient.agent.submit([{ request, ...along }])) as [Outcome];
  const states = await Promise.all(ALL.map(async (name) => await standing(name, message.grant)));
  const holding = states.filter(([state]) => state === 'ended').length;
  return [outcome.outcome === 'refused' ? outcome.problem.code : undefined, holding];
}

describe('a signed end of a right, while the ledger stands still', () => {
  // @actor a grantee or a stranger | to end somebody’s right
  it('is kept nowhere unless the patient signed it', async () => {
    for (const signer of [care.doctor, care.stranger, other.patient]) {
      const [code, holding] = await sent(signer, {});
      assert.deepEqual([code, holding], ['RIGHT_MISSING', 0]);
    }
    const party = { ...other.patient, address: care.patient.address };
    assert.deepEqual(await sent(party, {}), ['SIGNATURE_INVALID', 0]);
  });

  // @actor a patient | to end a right on another’s chart
  it('is kept nowhere if the grant is not on the signer’s chart', async () => {
    const { patient, handle } = other;
    assert.deepEqual(await sent(patient, { handle }), ['RULE_REFUSED', 0]);
    assert.deepEqual(await sent(care.patient, { grant: `0x${'12'.repeat(32)}` }), [
      'RULE_REFUSED',
      0,
    ]);
  });

  it('is kept nowhere if its deadline has passed, is over 30 days away, or something lies beside it', async () => {
    const now = seconds(network.clock);
    assert.deepEqual(await sent(care.patient, { deadline: now - 1 }), ['REQUEST_LATE', 0]);
    const month = 30 * 86_400;
    assert.deepEqual(await sent(care.patient, { deadline: now + month + 601 }), [
      'REQUEST_EARLY',
      0,
    ]);
    const packets = [{ grant: third.digest, epoch: 2, packet: 'AAAA' }];
    assert.deepEqual(await sent(care.patient, {}, { packets }), ['REQUEST_MALFORMED', 0]);
  });

  it('tells its patient of no end if fewer than k organisations keep it', async () => {
    keepsNothing('laboratory');
    keepsNothing('insurer');
    await assert.rejects(endRight(care.patient, third.digest), failsWith('PEER_UNREACHABLE'));
    network.liars.contributor.clear();
  });

  // @attack an agent says that k organisations keep an end, and asked none | the patient’s device hears so of k coordinators or says that it is not confirmed
  it('tells its patient of no end on an agent’s word', async () => {
    const submit = async (all: readonly Submission[]): Promise<readonly Outcome[]> =>
      all[0]?.request.type === 'End' ? [{ outcome: 'kept' }] : await care.patient.agent.submit(all);
    const patient = lyingTo(network, care.patient, { submit });
    await assert.rejects(endRight(patient, second.digest), failsWith('RULE_UNCONFIRMED'));
  });

  it('holds at once at every organisation that keeps it, and the ledger has nothing of it', async () => {
    keepsNothing('insurer');
    const ended = await endRight(care.patient, care.right.digest);
    assert.deepEqual(ended, { outcome: 'kept' });
    network.liars.contributor.clear();
    for (const name of ['hospital', 'laboratory'])
      assert.deepEqual(await standing(name, care.right.digest), ['ended', 'active']);
    assert.deepEqual(await standing('insurer', care.right.digest), ['active', 'active']);
    await assert.rejects(read(care.doctor, care.right), failsWith('RIGHT_ENDED'));
    await assert.rejects(add(care.doctor, care.right.grant), failsWith('RIGHT_ENDED'));
  });

  it('is taken from the others by an organisation that was away', async () => {
    await network.services('insurer').contributor.catchUp();
    assert.deepEqual(await standing('insurer', care.right.digest), ['ended', 'active']);
  });

  it('is in no list of rights that hold, and leaves the others as they are', async () => {
    const grants = (await listGrants(care.patient)).map(({ digest }) => digest);
    assert.ok(!grants.includes(care.right.digest));
    assert.ok(grants.includes(second.digest));
    await add(care.stranger, second.grant);
    const own = await readChart(care.patient, { handle: care.handle, purpose: 'PATRQT' });
    assert.equal(own.records.length, 2);
  });

  it('can be asked for again, by the same device or another', async () => {
    assert.deepEqual(await endRight(care.patient, care.right.digest), { outcome: 'kept' });
  });

  it('holds after a restart', async () => {
    for (const name of ALL) {
      await network.restart(name);
      assert.deepEqual(await standing(name, care.right.digest), ['ended', 'active']);
    }
    await assert.rejects(read(care.doctor, care.right), failsWith('RIGHT_ENDED'));
  });
});

describe('once the ledger goes on', () => {
  it('organisations send it the end, and it is there once', async () => {
    await network.checkpoint();
    assert.deepEqual(await standing('hospital', care.right.digest), ['ended', 'active']);
    network.clock.advance(5000);
    while ((await standing('hospital', care.right.digest))[1] !== 'ended') await setImmediate();
    for (const name of ALL)
      assert.deepEqual(await standing(name, care.right.digest), ['ended', 'ended'], name);
    assert.deepEqual(network.failures, []);
  });

  it('keys turn before anything is added, since no epoch began with the end', async () => {
    const { index } = network.services();
    assert.equal(index.ended(care.right.digest)?.epoch, 0);
    const { epoch } = index.patient(care.handle) ?? assert.fail();
    await add(care.stranger, second.grant);
    assert.equal(index.patient(care.handle)?.epoch, epoch + 1);
  });

  it('an end is not sent any more, and what was kept of it goes', async () => {
    const deposits = network.database('hospital', 'kept');
    await network.services().contributor.repair();
    assert.deepEqual(await deposits.keys({ gt: 'ending/', lt: 'ending0' }).all(), []);
  });
});
