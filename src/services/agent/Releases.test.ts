import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { NO_ACCOUNTS } from './PartyAccounts.ts';
import { createReleases } from './Releases.ts';

const READER = signatory('reader').address;
const [one, other] = [word('one'), word('other')];

function releasesAt(clock = new TestClock(0)): ReturnType<typeof createReleases> {
  return createReleases({ clock, random: seededRandom('releases'), accounts: NO_ACCOUNTS });
}

describe('releases', () => {
  // @peer Medblock: six digits, and as many tries as one likes | nobody guesses a ticket
  it('give a ticket that nobody can guess, another each time', () => {
    const releases = releasesAt();
    const tickets = Array.from({ length: 100 }, () => releases.release('file', one, 7, READER));
    assert.equal(new Set(tickets).size, 100);
    for (const ticket of tickets) assert.match(ticket, /^[0-9a-f]{32}$/);
  });

  // @peer Medblock: who knew a session's number had its keys | a ticket opens what it is for
  it('open with a ticket what it is for, and nothing else', () => {
    const releases = releasesAt();
    const ticket = releases.release('file', one, 7, READER);
    assert.equal(releases.require('file', ticket, one), 7);
    for (const [given, hash] of [
      [ticket, other],
      ['', one],
      [ticket.toUpperCase(), one],
      [`${ticket}0`, one],
      ['__proto__', one],
      [undefined as unknown as string, one],
    ] as const) {
      assert.throws(() => releases.require('file', given, hash), failsWith('RELEASE_UNKNOWN'));
    }
  });

  it('open with the ticket of a file no audit, nor the other way round', () => {
    const releases = releasesAt();
    const [ofFile, ofAudit] = [
      releases.release('file', one, 7, READER),
      releases.release('audit', one, 8, READER),
    ];
    assert.equal(releases.require('audit', ofAudit, one), 8);
    const swapped = [
      () => releases.require('audit', ofFile, one),
      () => releases.require('file', ofAudit, one),
    ];
    for (const given of swapped) assert.throws(given, failsWith('RELEASE_UNKNOWN'));
  });

  it('end after five minutes', () => {
    const clock = new TestClock(0);
    const releases = releasesAt(clock);
    const ticket = releases.release('file', one, 7, READER);
    clock.advance(300_000);
    assert.equal(releases.require('file', ticket, one), 7);
    clock.advance(1000);
    assert.throws(() => releases.require('file', ticket, one), failsWith('RELEASE_UNKNOWN'));
  });

  // @actor party with a chart of a thousand records | asks for them again and again, until others' tickets are gone
  it('hold so many of one party at most, and let its own oldest go', () => {
    const releases = releasesAt();
    const others = releases.release('audit', one, 7, signatory('other').address);
    const first = releases.release('file', one, 7, READER);
    for (let more = 0; more < 200_000; more++) releases.release('file', other, 8, READER);
    assert.throws(() => releases.require('file', first, one), failsWith('RELEASE_UNKNOWN'));
    assert.doesNotThrow(() => releases.require('audit', others, one));
  });

  // @actor seven parties together | repeat views of a thousand records, until the tickets of all others are gone
  it('hold so many at most, and let the oldest of whoever has most go', () => {
    const releases = releasesAt();
    const ticket = releases.release('audit', one, 7, READER);
    const others = Array.from({ length: 7 }, (_, i) => signatory(`reader ${i}`).address);
    const [most = READER] = others;
    const first = releases.release('file', one, 7, most);
    for (const party of others) {
      for (let more = 0; more < 16_384; more++) releases.release('file', other, 8, party);
    }
    assert.doesNotThrow(() => releases.require('audit', ticket, one));
    assert.throws(() => releases.require('file', first, one), failsWith('RELEASE_UNKNOWN'));
    const last = releases.release('file', one, 7, READER);
    assert.doesNotThrow(() => releases.require('file', last, one));
  });

  it('hold no more than so many in all', () => {
    const releases = releasesAt();
    const parties = Array.from({ length: 50_001 }, (_, i) => word(`${i}`));
    const firsts = parties.map((party) => releases.release('file', one, 7, party));
    for (const party of parties) releases.release('file', other, 8, party);
    const gone = firsts.filter((each) => {
      return !succeeds(() => releases.require('file', each, one) === 7);
    });
    assert.equal(gone.length, 2);
  });
});
