import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../crypto/bytes.ts';
import { createNoteKey, verifierKeyOf } from '../../crypto/note/NoteKey.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import { countSuccessor } from '../../protocol/network/countSuccessor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import {
  context,
  network,
  primitives,
  signatory,
  word,
} from '../../protocol/test/sampleNetwork.ts';
import { seatsOf } from '../../protocol/test/sampleSuccessors.ts';
import type { Member } from '../../protocol/network/NetworkFile.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { originOf } from '../founding/foundNetwork.ts';
import type { IdentityFile } from '../founding/identityFiles.ts';
import { changedTerms, type NetworkWish } from './changedTerms.ts';

const from = 1_800_000_000;
const SEED = new Uint8Array(32).fill(7);

function identityOf(organisation: string): IdentityFile {
  const seat = (office: string): `0x${string}` => signatory(`${office} of ${organisation}`).address;
  return {
    format: 'medseal-identity/1',
    organisation,
    coordinator: seat('coordinator'),
    authority: seat('authority'),
    sender: seat('sender'),
    log: word(`another log of ${organisation}`),
    url: `https://${organisation}.example`,
  };
}

function seatOf(organisation: string): Member {
  return { organisation, address: signatory(`seat of ${organisation}`).address };
}

function invalid(argument: string, reason: string): (error: unknown) => boolean {
  return failsWith('ARGUMENT_INVALID', { argument, reason });
}

function changeWith(leaving: readonly string[], more: Partial<NetworkWish> = {}): unknown {
  return changedTerms(primitives, network, { from, leaving, ...more });
}

function categoriesAfter(
  categories: readonly Category[] | undefined,
  before = network,
): readonly Category[] | undefined {
  const terms = changedTerms(primitives, before, { from, ...(categories && { categories }) });
  return terms.channels[0]?.categories;
}

function copiesAfter(copies?: number, before = network): unknown {
  const wish = { from, ...(copies !== undefined && { copies }) };
  return changedTerms(primitives, before, wish).channels[0]?.copies;
}

function bytesAfter(dailyBytes?: number, before = network): unknown {
  const wish = { from, ...(dailyBytes !== undefined && { dailyBytes }) };
  return changedTerms(primitives, before, wish).channels[0]?.dailyBytes;
}

function daysAfter(correctionDays?: number, before = network): unknown {
  const wish = { from, ...(correctionDays !== undefined && { correctionDays }) };
  return changedTerms(primitives, before, wish).channels[0]?.correctionDays;
}

function listAfter(wish: Partial<NetworkWish>, before = network): unknown {
  return changedTerms(primitives, before, { from, ...wish }).channels[0]?.controlled;
}

describe('changedTerms', () => {
  it('limits the categories of a channel, in one order, and lifts the limit', () => {
    assert.equal(categoriesAfter(undefined), undefined);
    assert.deepEqual(categoriesAfter(['vitals', 'laboratory']), ['laboratory', 'vitals']);
    const [care = assert.fail()] = network.channels;
    const limited = { ...network, channels: [{ ...care, categories: ['vitals'] as const }] };
    assert.deepEqual(categoriesAfter(undefined, limited), ['vitals']);
    assert.equal(categoriesAfter(CATEGORIES, limited), undefined);
  });

  it('gives a channel another list of controlled medicines, keeps the one there is, and lifts it', () => {
    const list = ['http://www.whocc.no/atc|N02A*'];
    assert.deepEqual(listAfter({ controlledMedicines: list }), list);
    const [care = assert.fail()] = network.channels;
    const listed = { ...network, channels: [{ ...care, controlled: list }] };
    assert.deepEqual(listAfter({}, listed), list);
    assert.equal(listAfter({ controlledMedicines: [] }, listed), undefined);
    assert.throws(
      () => listAfter({ controlledMedicines: ['N02A'] }),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  it('has each file kept by so many organisations, no fewer than judge a write, or by all again', () => {
    assert.equal(copiesAfter(2), 2);
    const [care = assert.fail()] = network.channels;
    const few = { ...network, channels: [{ ...care, copies: 2 }] };
    assert.equal(copiesAfter(undefined, few), 2);
    assert.equal(copiesAfter(0, few), undefined);
    for (const bad of [1, 4, 1.5]) {
      assert.throws(() => copiesAfter(bad), failsWith('ARGUMENT_INVALID'), String(bad));
    }
  });

  it('lets other bytes be added in a day, keeps those there are, and goes back to the default', () => {
    assert.equal(bytesAfter(2 ** 30), 2 ** 30);
    const [care = assert.fail()] = network.channels;
    const other = { ...network, channels: [{ ...care, dailyBytes: 2 ** 20 }] };
    assert.equal(bytesAfter(undefined, other), 2 ** 20);
    assert.equal(bytesAfter(0, other), undefined);
    for (const bad of [-1, 1.5, 2 ** 51]) {
      assert.throws(() => bytesAfter(bad), failsWith('ARGUMENT_INVALID'), String(bad));
    }
  });

  it('gives authors other days for an answer to an objection, keeps those there are, and goes back to the default', () => {
    assert.equal(daysAfter(14), 14);
    const [care = assert.fail()] = network.channels;
    const other = { ...network, channels: [{ ...care, correctionDays: 60 }] };
    assert.equal(daysAfter(undefined, other), 60);
    for (const usual of [0, 30]) assert.equal(daysAfter(usual, other), undefined);
    for (const bad of [-1, 1.5, 367]) {
      assert.throws(() => daysAfter(bad), failsWith('ARGUMENT_INVALID'), String(bad));
    }
  });

  it('refuses to let one join that is in, or has the name of one that is or was', () => {
    const known = identityOf('laboratory');
    const taken = failsWith('ARGUMENT_INVALID', {
      argument: 'identity',
      reason:
        'laboratory is in the network, and its log has another key: name it with --new-keys, or another organisation needs another name',
    });
    assert.throws(() => changedTerms(primitives, network, { from, identities: [known] }), taken);
    const newcomer = identityOf('clinic');
    const twice = failsWith('ARGUMENT_INVALID', {
      argument: 'identity',
      reason: 'two files are of clinic: give the newer one',
    });
    const identities = [newcomer, newcomer];
    assert.throws(() => changedTerms(primitives, network, { from, identities }), twice);
    const both = { from, identities: [newcomer], leaving: ['clinic'] };
    assert.throws(() => changedTerms(primitives, network, both), failsWith('ARGUMENT_INVALID'));
  });

  it('refuses to let one come back that left: its log has ended', () => {
    const [care = assert.fail()] = network.channels;
    const coordinators = care.coordinators.filter((each) => each.organisation !== 'laboratory');
    const left = { ...network, channels: [{ ...care, coordinators }] };
    const identities = [identityOf('laboratory')];
    for (const newKeys of [[], ['laboratory']]) {
      assert.throws(
        () => changedTerms(primitives, left, { from, identities, newKeys }),
        invalid(
          'identity',
          'laboratory left the network, and its log has ended: it joins in a new folder, under another name',
        ),
      );
    }
  });

  it('refuses a key or an address that is another organisation’s', () => {
    const own = identityOf('pharmacy');
    const [theirs = assert.fail()] = consortium.founders ?? [];
    const { stake: _stake, ...validator } = theirs.validator ?? assert.fail();
    const fresh = { key: word('key'), node: 'ab'.repeat(20), address: 'pharmacy.example:26656' };
    const taken: readonly (readonly [string, Partial<IdentityFile>])[] = [
      ['key of the validator', { validator: { ...fresh, key: validator.key } }],
      ['node id of the validator', { validator: { ...fresh, node: validator.node } }],
      ['address of the validator', { validator: { ...fresh, address: validator.address } }],
      ['address of the node', { url: theirs.url ?? '' }],
      ['account', { sender: theirs.sender }],
      ['key of the coordinator', { coordinator: signatory('coordinator of hospital').address }],
      ['key of the member of the authority', { authority: identityOf('hospital').authority }],
    ];
    for (const [what, part] of taken) {
      const reason = `the ${what} of pharmacy is that of hospital: each has its own`;
      const identities = [{ ...own, validator: fresh, ...part }];
      const wish = { from, identities };
      const refused = invalid('identity', reason);
      assert.throws(() => changedTerms(primitives, consortium, wish), refused, what);
    }
    const identities = [{ ...own, validator: fresh }];
    changedTerms(primitives, consortium, { from, identities });
    // Two that join at once, too.
    const two = [...identities, { ...identityOf('clinic'), validator: fresh }];
    assert.throws(
      () => changedTerms(primitives, consortium, { from, identities: two }),
      failsWith('ARGUMENT_INVALID'),
    );
  });

  it('refuses that one leaves who is not in it, and that too few stay for the thresholds', () => {
    const absent = 'clinic is not in the network: hospital, laboratory, insurer are';
    assert.throws(() => changeWith(['clinic']), invalid('leave', absent));
    const few = '1 of 2 organisations cannot be a quorum, give 2';
    assert.throws(() => changeWith(['insurer'], { authority: 1 }), invalid('authority', few));
    const many = '4 of 3 organisations cannot be a quorum, give 2 to 3';
    assert.throws(() => changeWith([], { thresholds: { views: 4 } }), invalid('views', many));
    const alone = ['laboratory', 'insurer'];
    const faulty = 'of 1 organisations at most 0 may be faulty';
    assert.throws(() => changeWith(alone, { faulty: 1 }), invalid('faulty', faulty));
    const all = ['hospital', ...alone];
    assert.throws(() => changeWith(all), invalid('leave', 'nobody stays in the network'));
  });

  it('takes the thresholds of a founding if another number decides, unless others are named', () => {
    const [channel = assert.fail()] = network.channels;
    const seats = [...channel.coordinators, seatOf('clinic'), seatOf('pharmacy')];
    const members = [...network.authority.members, seatOf('clinic'), seatOf('pharmacy')];
    const five = {
      ...network,
      authority: { threshold: 3, members },
      channels: [
        { ...channel, faulty: 1, thresholds: { writes: 4, views: 5 }, coordinators: seats },
      ],
    };
    const quorums = (wish: Partial<NetworkWish>): readonly (number | undefined)[] => {
      const { authority, channels } = changedTerms(primitives, five, { from, ...wish });
      const { writes, views } = channels[0]?.thresholds ?? {};
      return [authority.threshold, writes, views];
    };
    // With nobody more or less, those that were chosen stay.
    assert.deepEqual(quorums({ categories: ['vitals'] }), [3, 4, 5]);
    const leaving = ['pharmacy'];
    assert.deepEqual(quorums({ leaving }), [3, 3, 3]);
    assert.deepEqual(quorums({ leaving, faulty: 0 }), [3, 3, 3]);
    assert.deepEqual(quorums({ leaving, faulty: 2 }), [3, 4, 4]);
    const wished = { authority: 4, thresholds: { views: 4 } };
    assert.deepEqual(quorums({ leaving, ...wished }), [4, 3, 4]);
    assert.deepEqual(quorums({ leaving: ['clinic', 'pharmacy'] }), [2, 3, 3]);
    assert.deepEqual(quorums({ identities: [identityOf('dentist')] }), [4, 4, 4]);
  });

  it('gives a log another key and leaves all else of it, and adds that of one that joins', () => {
    const [care = assert.fail()] = network.channels;
    const { networkId } = network;
    const logs = care.logs.map((each) => {
      const origin = originOf({ networkId, channel: 'care' }, each.organisation);
      return { ...each, origin, id: word(origin), key: createNoteKey(origin, SEED).verifierKey };
    });
    const before = { ...network, channels: [{ ...care, logs }] };
    const log = word('a public key');
    const identities = ['laboratory', 'pharmacy'].map((name) => ({ ...identityOf(name), log }));
    for (const newKeys of [[], ['pharmacy']]) {
      const wish = { from, identities, newKeys };
      assert.throws(() => changedTerms(primitives, before, wish), failsWith('ARGUMENT_INVALID'));
    }
    const strange = { from, identities, newKeys: ['laboratory', 'hospital'] };
    assert.throws(
      () => changedTerms(primitives, before, strange),
      invalid('new-keys', 'give the identity file of hospital'),
    );
    const wish = { from, identities, newKeys: ['laboratory'] };
    const [channel] = changedTerms(primitives, before, wish).channels;
    const keyOf = (origin: string): string => verifierKeyOf(origin, hexToBytes(log));
    const joined = originOf({ networkId, channel: 'care' }, 'pharmacy');
    assert.deepEqual(channel?.logs, [
      ...logs.map((each) =>
        each.organisation === 'laboratory' ? { ...each, key: keyOf(each.origin) } : each,
      ),
      {
        name: 'care/pharmacy',
        organisation: 'pharmacy',
        origin: joined,
        id: word(joined),
        key: keyOf(joined),
      },
    ]);
  });

  it('has the authority and the channel’s coordinators sign it, and changes no office', () => {
    const terms = changedTerms(primitives, network, { from, categories: ['vitals'] });
    const made = successorOf(primitives, network, terms);
    assert.deepEqual(officeChangesOf(network, made), []);
    const draft = draftSuccessor(context, network, terms);
    const one = signSuccessor(context, network, draft, seatsOf('hospital'));
    assert.deepEqual(countSuccessor(context, network, one).missing, [
      { office: 'the authority', count: 1 },
      { office: 'the coordinators of care', count: 1 },
    ]);
  });
});
