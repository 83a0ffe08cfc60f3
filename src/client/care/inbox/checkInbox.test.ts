import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../../protocol/ids.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import type { Purpose } from '../../../protocol/vocabulary.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { askByLetter } from '../../test/accessLetters.ts';
import { lyingTo } from '../../test/lyingTo.ts';
import {
  approveAccess,
  declineAccess,
  readAskedFor,
  requestAccess,
  type AccessAsked,
} from '../../letters/accessRequests.ts';
import { checkInbox } from './checkInbox.ts';
import { enterAsk } from '../../letters/enterAsk.ts';
import { sendLetter } from '../../letters/letters.ts';

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

/** The stranger's request for a right; the patient has the letter. */
async function asked(): Promise<AccessAsked> {
  const { patient, stranger, handle } = care;
  const terms = { categories: ['vitals'], actions: ['read'], purpose: 'TREAT' } as const;
  const request = await requestAccess(stranger, { handle, ...terms, until: BEGIN + 3600 });
  await checkInbox(patient);
  return request;
}

/** Enters the patient's answer to a request. */
async function answered(
  { digest: request }: AccessAsked,
  what: 'grant' | 'decline',
  purpose: Purpose = 'TREAT',
): Promise<Acknowledgement> {
  const { patient, handle, right } = care;
  const grant = what === 'grant' ? right.digest : ZERO32;
  return await enterAsk(patient, { what, handle, request, grant, purpose });
}

describe('the inbox of a patient', () => {
  // @attack a party asks for research by letter, and the log shows treatment | the device compares the purpose of the entry with that of the request
  it('discards a request for another purpose than the log shows', async () => {
    const { patient, stranger, handle } = care;
    const { digest, request: own } = await asked();
    const request = sign(stranger, stranger, 'AccessRequest', own.message);
    const about = { what: 'request', handle, request: digest, grant: ZERO32 } as const;
    const entry = await enterAsk(stranger, { ...about, purpose: 'PUBHLTH' });
    await sendLetter(stranger, patient.address, { request, entry });
    const news = await checkInbox(patient);
    assert.deepEqual([news.requests.length, news.discarded], [0, 1]);
  });

  it('discards a request for a right that nobody may give: without end, ended, or of nothing', async () => {
    const { patient, doctor, handle, right } = care;
    const terms = { ...right.grant.terms, grantee: doctor.address };
    const unsound = [
      // A browser has no date for it.
      { until: 8_640_000_000_001 },
      { until: BEGIN + 100 * 365 * 24 * 3600 },
      { until: BEGIN - 1 },
      { read: false, add: false, amend: false },
    ];
    for (const change of unsound) {
      const message = { handle, terms: { ...terms, ...change }, deadline: BEGIN + 3600 };
      await askByLetter(care, doctor, message);
    }
    const news = await checkInbox(patient);
    assert.deepEqual([news.requests.length, news.discarded], [0, unsound.length]);
  });

  // @attack a letter brings an entry with fields of its own, for the reader's disk or terminal | an entry of another form is discarded
  it('discards a request whose entry is not of the form of an entry', async () => {
    const { patient, stranger } = care;
    const { request, entry = assert.fail() } = await asked();
    for (const change of [{ index: '7' }, { index: -1 }, { told: 'x'.repeat(10_000) }]) {
      const forged = { ...entry, ...change } as Acknowledgement;
      await sendLetter(stranger, patient.address, { request, entry: forged });
    }
    const news = await checkInbox(patient);
    assert.deepEqual([news.requests.length, news.discarded], [0, 3]);
  });
});

describe('the inbox of a party that asked', () => {
  // @attack a patient's answer tells of a grant that is somebody else's | "granted" counts with the grant that the entry names, for the reader
  it('believes no “granted” without the grant that the entry names, for it', async () => {
    const { patient, stranger, right } = care;
    const entry = await answered(await asked(), 'grant');
    const terms = { categories: ['billing'], actions: ['read'], purpose: 'TREAT' } as const;
    await grantRight(patient, { grantee: stranger.address, ...terms, until: BEGIN + 3600 });
    await sendLetter(patient, stranger.address, { entry });
    await sendLetter(patient, stranger.address, { entry, grant: right.grant });
    const news = await checkInbox(stranger);
    assert.deepEqual([news.answers.length, news.discarded], [0, 2]);
    const [open] = await readAskedFor(stranger);
    assert.equal(open?.answer, undefined);
  });

  it('discards an answer for another purpose than it asked for', async () => {
    const { patient, stranger } = care;
    const entry = await answered(await asked(), 'decline', 'PUBHLTH');
    await sendLetter(patient, stranger.address, { entry });
    const news = await checkInbox(stranger);
    assert.deepEqual([news.answers.length, news.discarded], [0, 1]);
  });

  // @attack an agent gives an old "declined" after the "granted" | the answer that was judged last counts
  it('keeps the newest answer, in whatever order an agent gives them', async () => {
    const { patient, stranger } = care;
    const request = await asked();
    await declineAccess(patient, request);
    network.clock.advance(10_000);
    await approveAccess(patient, request);
    const reordered = lyingTo(network, stranger, {
      collect: async (wanted) => (await stranger.agent.collect(wanted)).toReversed(),
    });
    await checkInbox(reordered);
    const [open] = await readAskedFor(stranger);
    assert.equal(open?.answer, 'granted');
  });
});
