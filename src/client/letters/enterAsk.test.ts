import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { judgedBody, submitted } from '../../node/test/requests.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  behind,
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Ask, Signed } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { DAILY } from '../../services/coordinator/RefusalAllowance.ts';
import { readAudit } from '../audit/readAudit.ts';
import type { Party } from '../party/Party.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { lyingTo } from '../test/lyingTo.ts';
import {
  approveAccess,
  declineAccess,
  readAskedFor,
  requestAccess,
  type AccessWanted,
} from './accessRequests.ts';
import { askIn } from './askIn.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { enterAsk } from './enterAsk.ts';
import { sendLetter } from './letters.ts';

const PEER = { peer: 'hospital' };
let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

function askOf(change: Partial<Ask> = {}): Ask {
  return {
    log: 'care/hospital',
    what: 'request',
    handle: care.handle,
    request: word('request'),
    grant: ZERO32,
    purpose: 'TREAT',
    deadline: BEGIN + 300,
    salt: `0x${'5a'.repeat(16)}`,
    ...change,
  };
}

function pickAsked({ what, handle, request, grant, purpose }: Ask) {
  return { what, handle, request, grant, purpose };
}

function wanted(change: Partial<AccessWanted> = {}): AccessWanted {
  return {
    handle: care.handle,
    categories: ['vitals'],
    actions: ['read'],
    purpose: 'TREAT',
    until: BEGIN + 3600,
    ...change,
  };
}

/** A party whose requests arrive, and whose answers get lost. */
function unheard(party: Party): Party {
  return lyingTo(network, party, {
    async submit(submissions) {
      await party.agent.submit(submissions);
      throw new MedsealError('PEER_UNREACHABLE', PEER);
    },
  });
}

async function signed(party: Party, change: Partial<Ask> = {}): Promise<string> {
  const request = sign(party, party, 'Ask', askOf(change));
  const outcome = await submitted(party, { request });
  return outcome.outcome === 'refused' ? outcome.problem.code : outcome.outcome;
}

/** Statements about requests for rights on the patient's audit, each with its flag. */
async function audited(): Promise<readonly (readonly [flag: Body['flag'], ask: Signed<'Ask'>])[]> {
  const { logs } = await readAudit(lyingTo(network, care.patient, {}));
  const bodies = logs.flatMap(({ events }) => events.flatMap(({ body }) => (body ? [body] : [])));
  return bodies.flatMap(({ flag, request }) =>
    request.type === 'Ask' ? [[flag, request as Signed<'Ask'>] as const] : [],
  );
}

describe('a request for a right, and its answer', () => {
  it('are on the patient’s audit without their words, and both sides hold their entries', async () => {
    const { patient, stranger } = care;
    const { digest } = await requestAccess(stranger, wanted());
    const [asked = assert.fail()] = (await checkInbox(patient)).requests;
    const given = await approveAccess(patient, asked);
    const other = await requestAccess(stranger, wanted({ categories: ['billing'] }));
    await checkInbox(patient);
    await declineAccess(patient, other);

    const entries = await audited();
    assert.deepEqual(
      entries.map(([flag, { party, message }]) => [flag, party, message.what, message.request]),
      [
        ['A', stranger.address, 'request', digest],
        ['A', patient.address, 'grant', digest],
        ['A', stranger.address, 'request', other.digest],
        ['A', patient.address, 'decline', other.digest],
      ],
    );
    assert.doesNotMatch(JSON.stringify(entries), /vitals|billing|"read"|grantee/);
    await checkInbox(stranger);
    const first = (await readAskedFor(stranger)).find((each) => each.digest === digest);
    assert.ok(first?.entry && first.answerEntry);
    assert.equal(askIn(stranger, first.entry)?.message.what, 'request');
    assert.equal(askIn(stranger, first.answerEntry)?.message.grant, given.digest);
  });

  it('are entered once, however often they are sent', async () => {
    const { patient, stranger } = care;
    await requestAccess(stranger, wanted());
    await requestAccess(stranger, wanted());
    const [asked = assert.fail()] = (await checkInbox(patient)).requests;
    await declineAccess(patient, asked);
    await declineAccess(patient, asked);
    assert.equal((await audited()).length, 2);
    const request = sign(stranger, stranger, 'Ask', askOf());
    const [one, two] = [
      await submitted(stranger, { request }),
      await submitted(care.doctor, { request }),
    ];
    assert.deepEqual(two, one);
    assert.equal((await audited()).length, 3);
  });

  it('are entered once though the answer was lost, and the party went to another organisation’s node meanwhile', async () => {
    const { stranger } = care;
    const ask = pickAsked(askOf());
    await assert.rejects(enterAsk(unheard(stranger), ask), failsWith('PEER_UNREACHABLE'));
    const moved = {
      ...behind(stranger, network.services('insurer').agent),
      log: 'care/insurer',
    };
    await assert.rejects(enterAsk(moved, ask), failsWith('NOT_YET'));
    await network.checkpoint();
    assert.equal((await enterAsk(moved, ask)).log, 'care/hospital');
    assert.equal((await audited()).length, 1);
  });

  it('are entered once though the answer was lost, and the deadline passed meanwhile', async () => {
    const { patient, stranger } = care;
    await assert.rejects(requestAccess(unheard(stranger), wanted()), failsWith('PEER_UNREACHABLE'));
    network.clock.advance(400_000);
    await requestAccess(stranger, wanted());
    const [asked = assert.fail()] = (await checkInbox(patient)).requests;
    await assert.rejects(declineAccess(unheard(patient), asked), failsWith('PEER_UNREACHABLE'));
    await declineAccess(patient, asked);
    assert.deepEqual(
      (await audited()).map(([, { message }]) => message.what),
      ['request', 'decline'],
    );
  });

  it('are signed again if nobody heard them in time, and after each refusal', async () => {
    const { stranger } = care;
    const away: Party = lyingTo(network, stranger, {
      submit: async () => await Promise.reject(new MedsealError('PEER_UNREACHABLE', PEER)),
    });
    await assert.rejects(requestAccess(away, wanted()), failsWith('PEER_UNREACHABLE'));
    network.clock.advance(400_000);
    await requestAccess(stranger, wanted());
    const { handle } = care;
    const request = word('later');
    const about = { what: 'request', handle, request, grant: ZERO32, purpose: 'TREAT' } as const;
    await suspend(network, stranger, 1);
    await assert.rejects(enterAsk(stranger, about), failsWith('PARTY_SUSPENDED'));
    await suspend(network, stranger, 2);
    await enterAsk(stranger, about);
    assert.deepEqual(
      (await audited()).map(([flag]) => flag),
      ['A', 'R', 'A'],
    );
  });

  // @attack an agent enters that somebody asked for a right who did not | the entry has the party's signature, and coordinators check it
  it('are refused in another’s name, and no coordinator signs what an agent forges', async () => {
    const { stranger, doctor } = care;
    const request = { ...sign(stranger, stranger, 'Ask', askOf()), party: doctor.address };
    const outcome = await submitted(stranger, { request });
    assert.equal(outcome.outcome === 'refused' && outcome.problem.code, 'SIGNATURE_INVALID');
    const { coordinator } = network.services('laboratory');
    const judge = async (forged: Signed<'Ask'>, change: Partial<Body> = {}): Promise<unknown> => {
      const bodies = [judgedBody(network, care, forged, change)];
      const { refused } = await coordinator.judge({ log: 'care/hospital', bodies });
      return refused[0]?.problem.code;
    };
    const own = sign(stranger, stranger, 'Ask', askOf());
    assert.equal(await judge(request), 'SIGNATURE_INVALID');
    const altered = { ...own, message: { ...own.message, request: word('other') } };
    assert.equal(await judge(altered), 'SIGNATURE_INVALID');
    for (const code of ['RIGHT_MISSING', 'FILE_TAKEN', 'NOT_FOUND', 'PARTY_SUSPENDED'] as const) {
      assert.equal(await judge(own, { flag: 'R', code }), 'ANSWER_DISPUTED', code);
    }
    const answer = sign(doctor, doctor, 'Ask', askOf({ what: 'decline' }));
    assert.equal(await judge(answer), 'RIGHT_MISSING');
    assert.deepEqual(await audited(), []);
  });

  it('are refused of a suspended party, and the patient sees that', async () => {
    const { stranger } = care;
    await suspend(network, stranger, 1);
    assert.equal(await signed(stranger), 'PARTY_SUSPENDED');
    assert.deepEqual(
      (await audited()).map(([flag, { party }]) => [flag, party]),
      [['R', stranger.address]],
    );
  });

  it('are answered by the patient alone, with a grant that stands on the chart', async () => {
    const { patient, doctor, right } = care;
    assert.equal(await signed(doctor, { what: 'decline' }), 'RIGHT_MISSING');
    const grant = right.digest;
    const others = { what: 'grant', grant, salt: `0x${'4c'.repeat(16)}` } as const;
    assert.equal(await signed(doctor, others), 'RIGHT_MISSING');
    const cases = [
      [{ what: 'decline', grant }, 'REQUEST_MALFORMED'],
      [{ what: 'request', grant }, 'REQUEST_MALFORMED'],
      [{ what: 'grant' }, 'REQUEST_MALFORMED'],
      [{ what: 'grant', grant: word('none') }, 'RIGHT_MISSING'],
      [{ what: 'tell' as never }, 'REQUEST_MALFORMED'],
      [{ handle: word('nobody') }, 'NOT_FOUND'],
    ] as const;
    for (const [change, code] of cases) assert.equal(await signed(patient, change), code);
    assert.equal(await signed(patient, { what: 'grant', grant }), 'acknowledged');
    await revokeRight(patient, grant);
    const salt = `0x${'6b'.repeat(16)}` as const;
    assert.equal(await signed(patient, { what: 'grant', grant, salt }), 'RIGHT_ENDED');
  });

  // @attack strangers fill a patient's audit with requests for rights | few entries a day on a chart, counted by coordinators
  it('of a stranger are as few as the day’s quota, which leaves room for who has a right', async () => {
    const { stranger, doctor } = care;
    const about = {
      what: 'request',
      handle: care.handle,
      grant: ZERO32,
      purpose: 'TREAT',
    } as const;
    for (let sent = 0; sent < DAILY.stranger; sent++) {
      await enterAsk(stranger, { ...about, request: word(`${sent}`) });
    }
    const again = { ...about, request: word('again') };
    await assert.rejects(enterAsk(stranger, again), failsWith('QUOTA_SPENT'));
    for (let sent = 0; sent <= DAILY.stranger; sent++) {
      await enterAsk(doctor, { ...about, request: word(`${sent}`) });
    }
    assert.equal((await audited()).length, 2 * DAILY.stranger + 1);
  });

  // @attack a party asks for a right and leaves no trace on the log | the patient's device discards a letter without the entry
  it('come to nothing in a letter that shows no entry, or that of another request', async () => {
    const { patient, stranger } = care;
    const { request } = await requestAccess(stranger, wanted());
    await checkInbox(patient);
    const other = await requestAccess(stranger, wanted({ categories: ['billing'] }));
    const { entry = assert.fail() } = other;
    await checkInbox(patient);
    const message = { ...request.message, deadline: BEGIN + 60 };
    const altered = sign(stranger, stranger, 'AccessRequest', message);
    await sendLetter(stranger, patient.address, { request: altered });
    await sendLetter(stranger, patient.address, { request: altered, entry });
    await sendLetter(stranger, patient.address, { request: altered, entry: {} as never });
    const news = await checkInbox(patient);
    assert.deepEqual([news.requests.length, news.discarded], [0, 3]);
  });
});
