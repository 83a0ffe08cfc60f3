import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { MAX_SUBMISSIONS } from '../../protocol/shapes/askedShapes.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { MOST_CARRIED } from '../administrator/transactionsOf.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

function grants(count: number, change: (grant: Grant, place: number) => Grant): Submission[] {
  const { patient, handle, right } = care;
  return Array.from({ length: count }, (_, place) => {
    const salt = word(`${count} ${place}`).slice(0, 34) as '0x';
    const grant = { handle, terms: { ...right.grant.terms, salt }, deadline: BEGIN + 300 };
    return { request: sign(patient, patient, 'Grant', change(grant, place)) };
  });
}

describe('as many grants as one call can bring', () => {
  // @actor a caller | sends 1,024 grants at once, which all fail, and looks through all that a patient keeps for each of them
  it('are all placed, in transactions that the ledger takes', async () => {
    const outcomes = await network.agent().submit(grants(MAX_SUBMISSIONS, (grant) => grant));
    const transactions = new Set(
      outcomes.map((each) => (each.outcome === 'placed' ? each.transaction : each.outcome)),
    );
    assert.equal(outcomes.length, MAX_SUBMISSIONS);
    assert.equal(transactions.size, Math.ceil(MAX_SUBMISSIONS / MOST_CARRIED.rules));
    for (const each of transactions) assert.match(each, /^0x/);
  });

  it('are each answered for themselves: those that are late, in whichever transaction', async () => {
    const late = [0, 199, 200, 249];
    const asked = grants(250, (grant, place) => {
      return late.includes(place) ? { ...grant, deadline: BEGIN - 1 } : grant;
    });
    const outcomes = await network.agent().submit(asked);
    for (const [place, { outcome }] of outcomes.entries()) {
      assert.equal(outcome, late.includes(place) ? 'refused' : 'placed', String(place));
    }
  });
});
