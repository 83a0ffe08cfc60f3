import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf } from './fingerprintOf.ts';
import { fileInForce, followSuccessors } from './followSuccessors.ts';
import type { Channel, NetworkFile } from './NetworkFile.ts';
import { parseNetworkFile } from './parseNetworkFile.ts';
import { sign } from '../struct/signing.ts';
import { draftSuccessor, signSuccessor } from './signSuccessor.ts';
import { successorOf } from './successorOf.ts';
import { failsWith } from '../test/failsWith.ts';
import { context, network, research, signatory, word } from '../test/sampleNetwork.ts';
import {
  fileOf,
  laterNoteKeyOf,
  logOfNewcomer,
  rubbish,
  seatsOf,
  signedBy,
  termsOf,
  withCoordinator,
  withLogKey,
} from '../test/sampleSuccessors.ts';

const FIRST = 1_800_000_000;
const SECOND = FIRST + 86_400;
const [care = assert.fail()] = network.channels;
const replaced = withCoordinator(care, 'hospital', signatory('new coordinator of hospital'));
const first = { ...termsOf(network, FIRST), channels: [replaced] };
const one = signedBy(network, first, ['hospital', 'laboratory']);
const [, afterOne = assert.fail()] = followSuccessors(context, network, fileOf(one));

/** The insurer leaves, and the pharmacy joins. */
const moved: Channel = {
  ...replaced,
  coordinators: [
    ...replaced.coordinators.filter(({ organisation }) => organisation !== 'insurer'),
    { organisation: 'pharmacy', address: signatory('coordinator of pharmacy').address },
  ],
  logs: [...replaced.logs, logOfNewcomer('pharmacy')],
};
const second = {
  ...termsOf(afterOne, SECOND),
  authority: {
    threshold: 2,
    members: [
      ...network.authority.members.filter(({ organisation }) => organisation !== 'insurer'),
      { organisation: 'pharmacy', address: signatory('authority of pharmacy').address },
    ],
  },
  channels: [moved],
};
const two = signedBy(afterOne, second, ['laboratory', 'insurer']);

const invalid = (reason?: string) =>
  failsWith('SUCCESSOR_INVALID', ...(reason === undefined ? [] : [{ reason }]));

function refuses(pinned: NetworkFile, value: unknown, reason?: string): void {
  assert.throws(() => followSuccessors(context, pinned, value), invalid(reason));
}

describe('followSuccessors', () => {
  it('follows a key that was replaced, and an organisation that joined while another left', () => {
    const files = followSuccessors(context, network, fileOf(one, two));
    const [, afterFirst = assert.fail(), newest = assert.fail()] = files;
    assert.equal(files[0], network);
    assert.deepEqual(afterFirst, successorOf(context.primitives, network, first));
    assert.deepEqual(newest.channels, [moved]);
    assert.deepEqual(newest.before, [
      {
        fingerprint: fingerprintOf(context.primitives, network),
        until: FIRST,
        channels: network.channels,
      },
      {
        fingerprint: fingerprintOf(context.primitives, afterFirst),
        until: SECOND,
        channels: [replaced],
      },
    ]);
    assert.deepEqual(newest.contracts, network.contracts);
    assert.equal(parseNetworkFile(newest), newest);
    assert.deepEqual(followSuccessors(context, network, fileOf()), [network]);
  });

  it('goes on from a successor that was pinned itself', () => {
    assert.deepEqual(followSuccessors(context, afterOne, fileOf(one)), [afterOne]);
    for (const given of [fileOf(one, two), fileOf(two)]) {
      assert.equal(followSuccessors(context, afterOne, given).length, 2);
    }
  });

  it('tells which file is in force', () => {
    const files = followSuccessors(context, network, fileOf(one, two));
    const at = [0, FIRST - 1, FIRST, SECOND - 1, SECOND, SECOND + 1e9];
    assert.deepEqual(
      at.map((moment) => files.indexOf(fileInForce(files, moment))),
      [0, 0, 1, 1, 2, 2],
    );
    assert.throws(() => fileInForce([], FIRST), invalid());
  });

  it('refuses two successors of one file, each in the place of the other', () => {
    const other = signedBy(network, { ...first, from: FIRST + 1 }, ['laboratory', 'insurer']);
    refuses(network, fileOf(one, other), 'its number is not 2');
    refuses(network, fileOf(other, two), 'it follows another network file');
    const reason = 'successor 1 leads to another network file than the pinned one';
    refuses(afterOne, fileOf(other), reason);
    refuses(afterOne, fileOf(other, two), reason);
    const sameTime = signedBy(network, termsOf(network, FIRST), ['laboratory', 'insurer']);
    refuses(afterOne, fileOf(sameTime), reason);
  });

  // @actor a minority, or a stranger | to have a network file followed
  it('refuses one that too few signed', () => {
    for (const organisations of [[], ['hospital'], ['insurer']]) {
      const few = signedBy(network, first, organisations);
      refuses(
        network,
        fileOf(few),
        `${2 - organisations.length} more of the authority must sign it`,
      );
    }
    const draft = draftSuccessor(context, network, first);
    const members = ['hospital', 'laboratory', 'insurer'].map((name) => seatsOf(name)[0]);
    const coordinators = ['hospital', 'laboratory', 'insurer'].map((name) => seatsOf(name)[1]);
    const known = (keys: typeof members) => keys.flatMap((key) => key ?? []);
    refuses(
      network,
      fileOf(signSuccessor(context, network, draft, known(members))),
      '2 more of the coordinators of care must sign it',
    );
    refuses(
      network,
      fileOf(signSuccessor(context, network, draft, known(coordinators))),
      '2 more of the authority must sign it',
    );
  });

  it('counts an organisation once, however often it signed, and a signature of a stranger never', () => {
    const alone = signedBy(network, first, ['hospital']);
    const [signature = assert.fail()] = alone.signatures;
    const twice = [...alone.signatures, ...alone.signatures];
    const { number, predecessor } = alone;
    const made = successorOf(context.primitives, network, first);
    const message = {
      number,
      predecessor,
      successor: fingerprintOf(context.primitives, made),
      from: FIRST,
    };
    const strangers = ['mallory', 'new coordinator of hospital', 'coordinator of pharmacy'].map(
      (name) => sign(context, signatory(name), 'NetworkChange', message).signature,
    );
    for (const signatures of [twice, [...twice, ...strangers], [signature, rubbish, rubbish]]) {
      refuses(network, fileOf({ ...alone, signatures }));
    }
    const enough = { ...one, signatures: [...strangers, rubbish, ...one.signatures] };
    assert.equal(followSuccessors(context, network, fileOf(enough)).length, 2);
  });

  it('counts those whom the file before names, not those whom the first or the new one names', () => {
    // The hospital's old key no longer counts, and the pharmacy's does not yet.
    const draft = draftSuccessor(context, afterOne, second);
    const counted = signSuccessor(context, afterOne, draft, seatsOf('laboratory'));
    assert.throws(
      () => signSuccessor(context, afterOne, draft, seatsOf('hospital')),
      failsWith('SIGNATURE_INVALID'),
    );
    const signed = { ...context, domain: context.domain };
    const message = {
      number: 2,
      predecessor: draft.predecessor,
      successor: fingerprintOf(
        context.primitives,
        successorOf(context.primitives, afterOne, second),
      ),
      from: SECOND,
    };
    const others = [...seatsOf('hospital'), ...seatsOf('pharmacy')].map(
      (key) => sign(signed, key, 'NetworkChange', message).signature,
    );
    const signatures = [...counted.signatures, ...others];
    const reason = '1 more of the coordinators of care must sign it';
    refuses(network, fileOf(one, { ...counted, signatures }), reason);
  });

  it('needs no coordinators for a change that leaves their channel as it was', () => {
    const authority = { ...network.authority, threshold: 3 };
    const terms = { ...termsOf(network, FIRST), authority };
    const draft = draftSuccessor(context, network, terms);
    const keys = ['hospital', 'insurer'].flatMap((name) => seatsOf(name)[0] ?? []);
    const signed = signSuccessor(context, network, draft, keys);
    assert.equal(followSuccessors(context, network, fileOf(signed)).length, 2);
    refuses(network, fileOf({ ...signed, channels: [replaced] }));
  });

  it('refuses signatures that were given in another network', () => {
    const elsewhere: NetworkFile = { ...network, networkId: word('another network') };
    const foreign = signedBy(elsewhere, first, ['hospital', 'laboratory', 'insurer']);
    refuses(network, fileOf(foreign), 'it follows another network file');
    const { predecessor } = one;
    refuses(network, fileOf({ ...foreign, predecessor }), '2 more of the authority must sign it');
    const ledger = { ...network.ledger, chainId: 1 };
    const chained = signedBy({ ...network, ledger }, first, ['hospital', 'laboratory', 'insurer']);
    refuses(network, fileOf({ ...chained, predecessor }), '2 more of the authority must sign it');
  });

  it('keeps id, ledger, contracts, founders and rights, whatever a successor says of them', () => {
    const { contracts, ledger } = network;
    for (const field of [
      { contracts: { ...contracts, registry: signatory('mallory').address } },
      { ledger: { ...ledger, genesis: word('mallory') } },
      { networkId: word('mallory') },
      { founders: [] },
      { rights: { longest: 1 } },
      { before: [] },
      { demo: false },
    ]) {
      refuses(network, fileOf({ ...one, ...field }));
    }
  });

  it('refuses one that was altered after it was signed', () => {
    for (const altered of [
      { from: FIRST + 1 },
      { channels: [care] },
      { channels: [replaced, research] },
      { authority: { ...network.authority, threshold: 3 } },
    ]) {
      refuses(network, fileOf({ ...one, ...altered }), '2 more of the authority must sign it');
    }
  });

  it('refuses a chain with a gap, backwards, from the middle, or longer than one can be', () => {
    refuses(network, fileOf(two));
    refuses(network, fileOf(two, one));
    refuses(network, fileOf(one, one));
    refuses(afterOne, fileOf(two, one));
    refuses(network, fileOf(...Array.from({ length: 257 }, () => one)));
    refuses(network, fileOf({ ...one, number: 2 }));
    refuses(network, fileOf({ ...one, number: 0 }));
  });

  it('refuses one that would be in force before the file that it follows', () => {
    const reason = 'it would be in force before the file that it follows';
    for (const from of [FIRST, FIRST - 1]) {
      refuses(network, fileOf(one, { ...two, from }), reason);
    }
    const began: NetworkFile = { ...network, ledger: { ...network.ledger, timestamp: FIRST } };
    assert.throws(() => signedBy(began, first, []), invalid(reason));
  });

  it('refuses offices that are no quorum, whoever signed them', () => {
    const weak: readonly Partial<typeof first>[] = [
      { authority: { ...network.authority, threshold: 1 } },
      { authority: { threshold: 2, members: network.authority.members.slice(1) } },
      { channels: [{ ...replaced, thresholds: { writes: 1, views: 2 } }] },
      { channels: [{ ...replaced, faulty: 2 }] },
      { channels: [{ ...replaced, coordinators: [] }] },
    ];
    for (const terms of weak) {
      const everybody = ['hospital', 'laboratory', 'insurer'];
      const invalidFile = failsWith('NETWORK_FILE_INVALID');
      assert.throws(() => signedBy(network, { ...first, ...terms }, everybody), invalidFile);
      const given = fileOf({ ...one, ...terms });
      assert.throws(() => followSuccessors(context, network, given), invalidFile);
    }
  });

  it('refuses to take out a log, a channel, or the organisation that keeps the ledger', () => {
    const everybody = ['hospital', 'laboratory', 'insurer'];
    const gone = { ...moved, logs: moved.logs.filter((log) => log.organisation !== 'insurer') };
    assert.throws(
      () => signedBy(network, { ...second, channels: [gone] }, everybody),
      invalid('the log care/insurer is missing in it, or changed'),
    );
    assert.throws(
      () => signedBy(network, { ...first, channels: [research] }, everybody),
      invalid('the log care/hospital is missing in it, or changed'),
    );
    const founders = everybody.map((organisation) => ({
      organisation,
      sender: signatory(`sender of ${organisation}`).address,
      url: `https://${organisation}.example`,
    }));
    const founded = { ...network, founders };
    const without = {
      ...termsOf(founded, FIRST),
      authority: { threshold: 2, members: network.authority.members.slice(1) },
      channels: [{ ...care, coordinators: care.coordinators.slice(1) }],
      nodes: founders.slice(1),
    };
    assert.throws(
      () => signedBy(founded, without, everybody),
      invalid('hospital keeps the ledger, and is missing in it'),
    );
    // On the ledger of another network it keeps none, and can leave.
    const of = { network: word('first file'), registry: signatory('other').address };
    const channel = { ...founded, ledger: { ...founded.ledger, of } };
    assert.doesNotThrow(() => signedBy(channel, without, everybody));
    const kept = { ...without, nodes: founders };
    assert.throws(() => signedBy(founded, kept, everybody), failsWith('NETWORK_FILE_INVALID'));
    const { nodes: _nodes, ...unnamed } = termsOf(founded, FIRST);
    assert.throws(() => signedBy(founded, unnamed, everybody), failsWith('NETWORK_FILE_INVALID'));
  });

  // @actor an organisation that left, and comes back under its name | to place what its log promised before, beside what others wrote in its place since
  it('refuses a seat for one that left: its log has ended, with its former key or another one', () => {
    const after = followSuccessors(context, network, fileOf(one, two)).at(-1) ?? assert.fail();
    const { authority } = network;
    const seat = care.coordinators.filter(({ organisation }) => organisation === 'insurer');
    // In the place of the pharmacy.
    const back = { ...moved, coordinators: [...moved.coordinators.slice(0, 2), ...seat] };
    for (const channel of [back, withLogKey(back, 'insurer', laterNoteKeyOf('insurer'))]) {
      const terms = { ...termsOf(after, SECOND + 86_400), authority, channels: [channel] };
      const reason = 'the log care/insurer has ended, and insurer needs another name';
      assert.throws(() => signedBy(after, terms, []), invalid(reason));
    }
  });

  // @actor an organisation that left | to have what it signed before count again, with its key at a seat under another name
  it('refuses the key of a former coordinator at any seat', () => {
    const after = followSuccessors(context, network, fileOf(one, two)).at(-1) ?? assert.fail();
    for (const former of ['insurer', 'hospital']) {
      const key = signatory(`coordinator of ${former}`);
      const channels = [withCoordinator(moved, 'pharmacy', key)];
      const reason = `the coordinator ${key.address} had a seat before: give it another key`;
      const terms = { ...termsOf(after, SECOND + 86_400), channels };
      assert.throws(() => signedBy(after, terms, []), invalid(reason));
    }
  });

  // @actor a quorum of members alone | to give a log another key
  it('follows another key of a log, with the signatures of the authority and the coordinators', () => {
    const rekeyed = withLogKey(care, 'hospital', laterNoteKeyOf('hospital'));
    const terms = { ...termsOf(network, FIRST), channels: [rekeyed] };
    const successor = signedBy(network, terms, ['hospital', 'laboratory']);
    const [, newest = assert.fail()] = followSuccessors(context, network, fileOf(successor));
    assert.deepEqual(newest.channels, [rekeyed]);
    assert.deepEqual(newest.before?.[0]?.channels, network.channels);
    const draft = draftSuccessor(context, network, terms);
    const members = ['hospital', 'laboratory'].flatMap((name) => seatsOf(name)[0] ?? []);
    const few = signSuccessor(context, network, draft, members);
    refuses(network, fileOf(few), '2 more of the coordinators of care must sign it');
    refuses(network, fileOf({ ...successor, channels: [care] }));
    const mallory = withLogKey(care, 'hospital', laterNoteKeyOf('hospital', 'third'));
    refuses(network, fileOf({ ...successor, channels: [mallory] }));
  });

  // @actor an organisation | to make its former notes unverifiable
  it('refuses another name, origin or organisation of a log, and a key that it had before', () => {
    const everybody = ['hospital', 'laboratory', 'insurer'];
    const [log = assert.fail(), ...others] = care.logs;
    const renamed = { ...logOfNewcomer('pharmacy'), name: log.name, organisation: 'hospital' };
    for (const altered of [renamed, { ...log, more: true }]) {
      const channel = { ...care, logs: [altered, ...others] };
      assert.throws(
        () => signedBy(network, { ...first, channels: [channel] }, everybody),
        invalid('the log care/hospital is missing in it, or changed'),
      );
    }
    const rekeyed = withLogKey(care, 'hospital', laterNoteKeyOf('hospital'));
    const terms = { ...termsOf(network, FIRST), channels: [rekeyed] };
    const second = signedBy(network, terms, everybody);
    const [, changed = assert.fail()] = followSuccessors(context, network, fileOf(second));
    const back = { ...termsOf(changed, SECOND), channels: [care] };
    assert.throws(
      () => signedBy(changed, back, everybody),
      invalid('the log care/hospital has a key again that it had before'),
    );
  });

  it('refuses another key of the log of an organisation that left, or leaves', () => {
    const reason = 'the log care/insurer has another key, and insurer no coordinator';
    const everybody = ['hospital', 'laboratory', 'insurer'];
    const given = withLogKey(moved, 'insurer', laterNoteKeyOf('insurer'));
    const leaving = { ...second, channels: [given] };
    assert.throws(() => signedBy(afterOne, leaving, everybody), invalid(reason));
    const [, , gone = assert.fail()] = followSuccessors(context, network, fileOf(one, two));
    const late = { ...termsOf(gone, SECOND + 1), channels: [given] };
    assert.throws(() => signedBy(gone, late, everybody), invalid(reason));
  });

  it('refuses a file that is too large', () => {
    const log = logOfNewcomer('pharmacy');
    const logs = Array.from({ length: 256 }, () => ({ ...log, name: 'x'.repeat(2 ** 12) }));
    const channels = [{ ...care, logs }];
    refuses(network, fileOf({ ...one, channels }), 'it is too large');
  });

  for (const value of [undefined, null, 7, 'x', [], {}, { format: 'medseal-successors/1' }]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      refuses(network, value);
    });
  }

  it('refuses malformed parts without another error', () => {
    const parts: readonly Record<string, unknown>[] = [
      { format: 'medseal-successor/2' },
      { from: -1 },
      { from: 1.5 },
      { from: '1800000000' },
      { signatures: null },
      { signatures: ['0x12'] },
      { signatures: Array.from({ length: 257 }, () => rubbish) },
      { authority: null },
      { channels: {} },
      { channels: [null] },
      { offices: [{}] },
      { stakes: 'x' },
      { extra: 1 },
    ];
    for (const part of parts) {
      refuses(network, { format: 'medseal-successors/1', successors: [{ ...one, ...part }] });
    }
  });
});
