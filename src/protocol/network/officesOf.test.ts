import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { requireJudged } from '../../services/coordinator/requireJudged.ts';
import type { PlacedVerdict } from '../../services/ports.ts';
import { acknowledgementCheck } from '../evidence/acknowledgementCheck.ts';
import type { Acknowledgement } from '../evidence/evidence.ts';
import { followSuccessors } from './followSuccessors.ts';
import type { Channel, NetworkFile } from './NetworkFile.ts';
import { HANDOVER, logKeysOf, officesOf } from './officesOf.ts';
import { failsWith } from '../test/failsWith.ts';
import {
  acknowledged,
  checkpointOf,
  LOG,
  NOW,
  receiptOf,
  sampleBody,
} from '../test/sampleEvidence.ts';
import {
  context,
  coordinators,
  network,
  noteKeyOf,
  primitives,
  signatory,
} from '../test/sampleNetwork.ts';
import {
  fileOf,
  laterNoteKeyOf,
  logOfNewcomer,
  signedBy,
  termsOf,
  withCoordinator,
  withLogKey,
} from '../test/sampleSuccessors.ts';
import { verifyAcknowledgement } from '../evidence/verifyAcknowledgement.ts';
import { verifyCheckpoint } from '../evidence/verifyCheckpoint.ts';
import { verifyReceipt } from '../evidence/verifyReceipt.ts';

const [hospital = assert.fail(), laboratory = assert.fail(), insurer = assert.fail()] =
  coordinators;
const newHospital = signatory('new coordinator of hospital');
const pharmacy = signatory('coordinator of pharmacy');
const [care = assert.fail()] = network.channels;

/** The hospital gets a new key, the insurer leaves, and the pharmacy joins. */
const changed = withCoordinator(care, 'hospital', newHospital);
const after: Channel = {
  ...changed,
  coordinators: [
    ...changed.coordinators.filter(({ organisation }) => organisation !== 'insurer'),
    { organisation: 'pharmacy', address: pharmacy.address },
  ],
  logs: [...care.logs, logOfNewcomer('pharmacy')],
};

/** The network after a change at a moment. */
function changedAt(from: number, channel: Channel = after): NetworkFile {
  const [, insured = assert.fail(), other = assert.fail()] = network.authority.members;
  const members = [
    ...network.authority.members,
    { organisation: 'pharmacy', address: signatory('authority of pharmacy').address },
  ].filter((member) => channel !== after || member !== other);
  assert.ok(insured);
  const terms = {
    ...termsOf(network, from),
    authority: { threshold: members.length - 1, members },
    channels: [channel],
  };
  const successor = signedBy(network, terms, ['hospital', 'laboratory', 'insurer']);
  return followSuccessors(context, network, fileOf(successor)).at(-1) ?? network;
}

const LONG_AFTER = changedAt(NOW + 10 * HANDOVER);
const LONG_BEFORE = changedAt(NOW - 10 * HANDOVER);
const AT_ONCE = changedAt(NOW);
const invalid = failsWith('EVIDENCE_INVALID');

async function judgedBy(...signers: readonly (typeof hospital)[]): Promise<Acknowledgement> {
  const [entry = assert.fail()] = await acknowledged([sampleBody()], signers);
  return entry;
}

describe('evidence from before a change of coordinators', () => {
  it('verifies with the file after it, and with the first one', async () => {
    for (const signers of [coordinators, [hospital, insurer], [laboratory, insurer]]) {
      const entries = await acknowledged([sampleBody()], signers);
      const receipt = await receiptOf(entries, 0, signers);
      for (const file of [network, LONG_AFTER, AT_ONCE]) {
        assert.equal(verifyReceipt(context, file, receipt).log, LOG);
        assert.equal(verifyReceipt(context, file, receipt, { strict: true }).log, LOG);
      }
    }
  });

  // @actor coordinators who left | to judge on after they left
  it('does not count if its coordinators were out of office when they signed', async () => {
    for (const signers of [coordinators, [hospital, insurer], [laboratory, insurer]]) {
      const entry = await judgedBy(...signers);
      assert.throws(() => verifyAcknowledgement(context, LONG_BEFORE, entry), invalid);
    }
    const check = acknowledgementCheck(context, LONG_BEFORE);
    const entry = await judgedBy(...coordinators);
    assert.throws(() => check.verdicts(entry), invalid);
    assert.deepEqual(
      check.promises(entry).map(({ coordinator }) => coordinator),
      [laboratory.address],
    );
  });

  it('counts until nodes had time to change, and no second longer', async () => {
    const entry = await judgedBy(hospital, insurer);
    verifyAcknowledgement(context, changedAt(NOW - HANDOVER + 1), entry);
    assert.throws(() => verifyAcknowledgement(context, changedAt(NOW - HANDOVER), entry), invalid);
    const next = await judgedBy(newHospital, pharmacy);
    verifyAcknowledgement(context, changedAt(NOW + HANDOVER), next);
    assert.throws(
      () => verifyAcknowledgement(context, changedAt(NOW + HANDOVER + 1), next),
      invalid,
    );
  });

  it('is never a quorum of two offices together', async () => {
    for (const signers of [
      [insurer, pharmacy],
      [hospital, newHospital],
      [hospital, pharmacy],
    ]) {
      const entry = await judgedBy(...signers);
      for (const file of [AT_ONCE, LONG_AFTER, LONG_BEFORE, network]) {
        assert.throws(() => verifyAcknowledgement(context, file, entry), invalid);
      }
    }
    verifyAcknowledgement(context, AT_ONCE, await judgedBy(laboratory, insurer));
    verifyAcknowledgement(context, AT_ONCE, await judgedBy(laboratory, pharmacy));
  });

  it('is held to the threshold of its time', async () => {
    const strict = { ...care, thresholds: { writes: 3, views: 3 } };
    const two = await judgedBy(hospital, laboratory);
    verifyAcknowledgement(context, changedAt(NOW + 10 * HANDOVER, strict), two);
    const now = changedAt(NOW - 10 * HANDOVER, strict);
    assert.throws(() => verifyAcknowledgement(context, now, two), invalid);
    verifyAcknowledgement(context, now, await judgedBy(...coordinators));
  });
});

describe('evidence from after a change of coordinators', () => {
  it('verifies with the successor alone, not with the first file', async () => {
    const signers = [newHospital, pharmacy];
    const receipt = await receiptOf(await acknowledged([sampleBody()], signers), 0, signers);
    assert.equal(verifyReceipt(context, LONG_BEFORE, receipt, { strict: true }).log, LOG);
    for (const file of [network, LONG_AFTER]) {
      assert.throws(() => verifyReceipt(context, file, receipt), invalid);
    }
  });

  it('is under no checkpoint of coordinators who were out of office before it was judged', async () => {
    const entries = await acknowledged([sampleBody()], [newHospital, pharmacy]);
    const receipt = await receiptOf(entries, 0, [hospital, insurer]);
    assert.throws(() => verifyReceipt(context, LONG_BEFORE, receipt), invalid);
    // By itself, a checkpoint does not say when it was made.
    const checkpoint = checkpointOf([], [hospital, insurer]);
    assert.equal(verifyCheckpoint(context, LONG_BEFORE, checkpoint).length, 2);
    const mixed = checkpointOf([], [insurer, pharmacy]);
    assert.throws(() => verifyCheckpoint(context, LONG_BEFORE, mixed), invalid);
  });

  it('may be under a later office’s checkpoint', async () => {
    const entries = await acknowledged([sampleBody()], [hospital, insurer]);
    const receipt = await receiptOf(entries, 0, [newHospital, pharmacy]);
    assert.equal(verifyReceipt(context, LONG_AFTER, receipt).log, LOG);
  });
});

function requires(file: NetworkFile, { entry, verdicts }: Acknowledgement): void {
  const placed = verdicts.map(({ verdict, coordinator, signature }): PlacedVerdict => {
    return { verdict, coordinator, signature, from: 0 };
  });
  const request = { log: LOG, entries: [entry], from: 0, verdicts: placed };
  const leaves = [leafHash(primitives, hexToBytes(entry))];
  requireJudged({ ...context, network: file }, request, { leaves, isOwn: () => false });
}

describe('a coordinator that signs a checkpoint after a change', () => {
  it('takes entries that were judged before it, by those in office then', async () => {
    requires(LONG_AFTER, await judgedBy(hospital, insurer));
    requires(LONG_BEFORE, await judgedBy(newHospital, pharmacy));
    const unjudged = failsWith('ENTRY_UNJUDGED');
    const old = await judgedBy(hospital, insurer);
    assert.throws(() => requires(LONG_BEFORE, old), unjudged);
    for (const signers of [
      [insurer, pharmacy],
      [hospital, newHospital],
    ]) {
      const entry = await judgedBy(...signers);
      assert.throws(() => requires(AT_ONCE, entry), unjudged);
    }
  });
});

describe('the key of a log that changed', () => {
  const newKey = laterNoteKeyOf('hospital');
  const oldKey = noteKeyOf('hospital');
  const rekeyed = withLogKey(care, 'hospital', newKey);
  const [after10 = assert.fail(), before10 = assert.fail(), now = assert.fail()] = [
    NOW + 10 * HANDOVER,
    NOW - 10 * HANDOVER,
    NOW,
  ].map((from) => changedAt(from, rekeyed));

  it('leaves receipts of before as they were, for ever, with the first file and the new one', async () => {
    const receipt = await receiptOf(await acknowledged([sampleBody()]), 0);
    for (const file of [network, after10, now]) {
      assert.equal(verifyReceipt(context, file, receipt, { strict: true }).log, LOG);
    }
  });

  it('verifies receipts of after it with the successor alone, also of entries from before', async () => {
    const receipt = await receiptOf(await acknowledged([sampleBody()]), 0, coordinators, newKey);
    for (const file of [before10, now, after10]) {
      assert.equal(verifyReceipt(context, file, receipt, { strict: true }).log, LOG);
    }
    assert.throws(() => verifyReceipt(context, network, receipt), invalid);
  });

  // @actor a thief of a former log key | to make the receipt of a later entry
  it('does not count once it was replaced, for a checkpoint or for its place', async () => {
    const entries = await acknowledged([sampleBody()]);
    const stolen = await receiptOf(entries, 0, coordinators, oldKey);
    const right = await receiptOf(entries, 0, coordinators, newKey);
    for (const receipt of [
      stolen,
      { ...right, checkpoint: stolen.checkpoint },
      { ...right, ledger: stolen.ledger },
    ]) {
      assert.throws(() => verifyReceipt(context, before10, receipt), invalid);
      // As for coordinators, nodes have an hour to change.
      assert.equal(verifyReceipt(context, now, receipt).log, LOG);
    }
    const late = changedAt(NOW - HANDOVER, rekeyed);
    assert.throws(() => verifyReceipt(context, late, stolen), invalid);
    verifyReceipt(context, changedAt(NOW - HANDOVER + 1, rekeyed), stolen);
  });

  it('makes no checkpoint together with coordinators of a later office, nor they with a later key', () => {
    const both = changedAt(NOW - 10 * HANDOVER, withLogKey(after, 'hospital', newKey));
    const [then, since] = [
      [hospital, insurer],
      [newHospital, pharmacy],
    ];
    assert.equal(verifyCheckpoint(context, both, checkpointOf([], then, oldKey)).length, 2);
    assert.equal(verifyCheckpoint(context, both, checkpointOf([], since, newKey)).length, 2);
    assert.throws(() => verifyCheckpoint(context, both, checkpointOf([], since, oldKey)), invalid);
    assert.throws(() => verifyCheckpoint(context, both, checkpointOf([], then, newKey)), invalid);
    const stranger = laterNoteKeyOf('mallory');
    for (const key of [stranger, noteKeyOf('insurer')]) {
      assert.throws(() => verifyCheckpoint(context, both, checkpointOf([], since, key)), invalid);
    }
  });

  it('needs the quorum of coordinators besides, as before', () => {
    for (const key of [oldKey, newKey]) {
      const alone = checkpointOf([], [hospital], key);
      assert.throws(() => verifyCheckpoint(context, before10, alone), invalid);
    }
  });

  it('is the first of those that it has or had', () => {
    const keys = [newKey.verifierKey, oldKey.verifierKey];
    assert.deepEqual(logKeysOf(before10, LOG), keys);
    assert.deepEqual(logKeysOf(before10, LOG, NOW), keys.slice(0, 1));
    assert.deepEqual(logKeysOf(before10, 'care/laboratory').length, 1);
    assert.deepEqual(logKeysOf(network, LOG), keys.slice(1));
    assert.throws(() => logKeysOf(network, 'care/other'), failsWith('NOT_FOUND'));
  });
});

it('names the offices of a log, newest first, and one for a log that began later', () => {
  assert.deepEqual(
    officesOf(AT_ONCE, LOG).map(({ from, until }) => [from, until]),
    [
      [NOW - HANDOVER, Infinity],
      [-HANDOVER, NOW + HANDOVER],
    ],
  );
  assert.equal(officesOf(AT_ONCE, 'care/pharmacy').length, 1);
  assert.throws(() => officesOf(AT_ONCE, 'care/other'), failsWith('NOT_FOUND'));
});
