import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { DAILY, DAILY_PAIRS, RefusalAllowance } from './RefusalAllowance.ts';

const NOON = 1_800_014_400;
const DAY = 24 * 3600;
const chart = word('chart');
const parties = Array.from({ length: 300 }, (_, i) => signatory(`party ${i}`).address);
const [one, other] = parties as [`0x${string}`, `0x${string}`];

/** Returns the number of tries that get an entry. */
function taken(allowance: RefusalAllowance, tries: Parameters<RefusalAllowance['take']>[0][]) {
  return tries.filter((each) => allowance.take(each, NOON)).length;
}

describe('refusals in a day', () => {
  // @attack an enrolled stranger fills a patient's audit with refusals, day after day | few entries a day on a chart, at agents and coordinators; then a number in a summary
  it('of a stranger are few on a chart, and of all strangers together little more', () => {
    const allowance = new RefusalAllowance();
    const again = (party: `0x${string}`) =>
      Array.from({ length: 1000 }, () => ({ handle: chart, party, known: false }));
    assert.equal(taken(allowance, again(one)), DAILY.stranger);
    const many = parties.flatMap((party) => again(party).slice(0, 10));
    assert.equal(taken(allowance, many), DAILY.strangersTogether - DAILY.stranger);
    const grantee = { handle: chart, party: other, known: true };
    assert.ok(allowance.take(grantee, NOON), 'they take nothing from who has a right');
    assert.ok(allowance.take({ handle: word('next'), party: one, known: false }, NOON));
  });

  it('of a stranger are bounded on all charts together', () => {
    const tries = Array.from({ length: 1000 }, (_, i) => {
      return { handle: word(`chart ${i}`), party: one, known: false };
    });
    assert.equal(taken(new RefusalAllowance(), tries), DAILY.strangerInAll);
  });

  it('of those with a right are more, each day again', () => {
    const allowance = new RefusalAllowance();
    const again = Array.from({ length: 1000 }, () => ({ handle: chart, party: one, known: true }));
    assert.equal(taken(allowance, again), DAILY.known);
    const many = parties.map((party) => ({ handle: chart, party, known: true }));
    assert.equal(taken(allowance, many), DAILY.knownTogether - DAILY.known);
    assert.ok(allowance.take({ handle: chart, party: one, known: true }, NOON + 24 * 3600));
  });

  // @attack an agent goes back and forth over midnight, so that every count begins again | a day that is over does not begin again
  it('are not counted again from 0 by moments on either side of midnight', () => {
    const allowance = new RefusalAllowance();
    const midnight = (Math.floor(NOON / DAY) + 1) * DAY;
    const moments = Array.from({ length: 100 }, (_, i) => midnight + (i % 2 === 0 ? -1 : 1));
    const stranger = { handle: chart, party: one, known: false };
    const entered = moments.filter((at) => allowance.take(stranger, at));
    assert.ok(entered.length <= 2 * DAILY.stranger, `${entered.length} entries`);
  });

  // @attack those with a right use up the day's entries, so that the patient's answer is refused | the patient's entries are counted by themselves
  it('of all others together leave the patient entries', () => {
    const allowance = new RefusalAllowance();
    const others = parties.map((party) => ({ handle: chart, party, known: true }));
    assert.equal(taken(allowance, others), DAILY.knownTogether);
    const { address: party } = signatory('patient');
    const own = { handle: chart, party, known: true, isPatient: true };
    const again = Array.from({ length: 1000 }, () => own);
    assert.equal(taken(allowance, again), DAILY.known);
  });

  // @attack an agent has one refusal judged over and over, so that a chart has no room for others' that day | a request counts once
  it('count a request once, however often it is judged', () => {
    const allowance = new RefusalAllowance();
    const again = Array.from({ length: 1000 }, () => {
      return { handle: chart, party: one, known: false, request: word('request') };
    });
    assert.equal(taken(allowance, again), again.length);
    const others = Array.from({ length: 10 }, (_, i) => {
      return { handle: chart, party: one, known: false, request: word(`other ${i}`) };
    });
    assert.equal(taken(allowance, others), DAILY.stranger - 1);
  });

  // @attack a party has thousands of record versions refused in each of its day's views | the record versions of refused views are counted too
  it('of views of several records are bounded by the record versions that they name', () => {
    const allowance = new RefusalAllowance();
    const full = { handle: chart, party: one, known: false, pairs: 1024 };
    assert.equal(taken(allowance, [full, full]), 1, 'a stranger has a whole one');
    assert.ok(!allowance.take({ ...full, pairs: 1 }, NOON));
    assert.ok(allowance.take({ handle: chart, party: one, known: false }, NOON), 'a single view');
    const strangers = parties.map((party) => ({ ...full, party }));
    assert.equal(taken(allowance, strangers), DAILY_PAIRS.strangersTogether / 1024 - 1);
    const charts = parties.map((_, i) => ({ ...full, handle: word(`chart ${i}`) }));
    assert.equal(taken(allowance, charts), DAILY_PAIRS.strangerInAll / 1024 - 1);
    const grantees = parties.flatMap((party) =>
      Array.from({ length: 40 }, () => ({ ...full, party, known: true })),
    );
    const own = grantees.filter(({ party }) => party === one);
    assert.equal(taken(allowance, own), DAILY_PAIRS.known / 1024);
    assert.equal(
      taken(allowance, grantees),
      (DAILY_PAIRS.knownTogether - DAILY_PAIRS.known) / 1024,
    );
  });
});
