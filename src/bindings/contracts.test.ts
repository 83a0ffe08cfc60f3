// Over 400 lines: one ledger is built up step by step, and what comes later stands on what came before.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from './encodeBatch.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';
import * as fc from 'fast-check';
import { decodeFunctionResult, encodeFunctionData, hashTypedData } from 'viem';
import { bytesToHex } from '../crypto/bytes.ts';
import { consistencyProof } from '../crypto/merkle/consistencyProof.ts';
import { inclusionProof } from '../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { memoryTree } from '../crypto/merkle/memoryTree.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { ZERO32, type Bytes32, type Hex } from '../protocol/ids.ts';
import { judgeRight } from '../protocol/rights/judgeRight.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import type { Grant, KeyChange, OfficeChange } from '../protocol/struct/requests.ts';
import { requestTypes } from '../protocol/struct/requestTypes.ts';
import { digestOf, sign } from '../protocol/struct/signing.ts';
import { UNTOLD_LIFE } from '../protocol/care/vitalRecords.ts';
import { ACTIONS, CATEGORIES, PURPOSES } from '../protocol/vocabulary.ts';
import { checkGrant, type RightQuestion } from './checkGrant.ts';
import { encodeRequests } from './encodeRequests.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { readController } from './test/readController.ts';
import { readEpoch } from './test/readEpoch.ts';
import { readLatestCheckpoint } from './readLatestCheckpoint.ts';
import { readParty } from './test/readParty.ts';
import { actor, DELAY, FAR, startTestNetwork, type TestNetwork } from './test/testNetwork.ts';

const word = (digit: string): Bytes32 => `0x${digit.repeat(64)}`;
const mostly = fc.nat({ max: 5 }).map((number) => number > 0);
const hexOf = (bytes: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(bytesToHex);

const question = (opening: Grant, at: number): RightQuestion => ({
  opening,
  party: opening.terms.grantee,
  action: 'read',
  category: 'laboratory',
  record: ZERO32,
  purpose: 'TREAT',
  at,
});

describe('the contracts, through their bindings', () => {
  let net: TestNetwork;
  before(async () => {
    net = await startTestNetwork();
    const commitment = { handle: net.handle, first: 1, count: 100, root: word('1'), deadline: FAR };
    const { events } = await net.send(
      'consent',
      encodeBatch(consentAbi, 'commitEpochs', [
        sign(net.context, net.patient, 'CommitEpochs', commitment),
      ]),
    );
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['EpochsCommitted', 'EpochAdvanced'],
    );
  });
  after(async () => {
    await net[Symbol.asyncDispose]();
  });

  it('a grant holds from its block until it is revoked, and the revoke begins the next epoch', async () => {
    const { context, patient, doctor, handle, contracts, provider } = net;
    const opening = net.grantTo(doctor.address);
    const grant = digestOf(context, 'Grant', opening);
    const granted = await net.send(
      'consent',
      encodeRequests(context.primitives, 'Grant', [sign(context, patient, 'Grant', opening)]),
    );
    assert.partialDeepStrictEqual(granted.events, [{ kind: 'Granted', handle, grant }]);
    const asked = question(opening, await net.now());
    assert.equal(await checkGrant(provider, contracts, asked), true);
    assert.equal(await checkGrant(provider, contracts, asked, granted.block - 1), false);

    const { epoch, ...commitment } =
      (await readEpoch(provider, contracts, handle)) ?? assert.fail();
    const packets = word('2');
    const request = { handle, grant, epoch: epoch + 1, packets, deadline: FAR };
    const revoked = await net.send(
      'consent',
      encodeBatch(consentAbi, 'revoke', [sign(context, patient, 'Revoke', request)]),
    );
    assert.partialDeepStrictEqual(revoked.events, [
      { kind: 'EpochAdvanced', handle, epoch: epoch + 1, packets },
      { kind: 'Revoked', handle, grant },
    ]);
    assert.equal(await checkGrant(provider, contracts, asked), false);
    assert.equal(await checkGrant(provider, contracts, asked, granted.block), true);
    assert.deepEqual(await readEpoch(provider, contracts, handle), {
      epoch: epoch + 1,
      ...commitment,
    });
    assert.deepEqual(await readEpoch(provider, contracts, handle, granted.block), {
      epoch,
      ...commitment,
    });
  });

  it('the contract, this protocol and viem give every grant one digest', async () => {
    const { context, patient, handle, contracts, provider } = net;
    const openings = fc.sample(arbitraryGrant(handle), 40);
    const { events } = await net.send(
      'consent',
      encodeRequests(
        context.primitives,
        'Grant',
        openings.map((opening) => sign(context, patient, 'Grant', opening)),
      ),
    );
    assert.equal(events.length, openings.length);
    for (const [place, opening] of openings.entries()) {
      const digest = digestOf(context, 'Grant', opening);
      assert.partialDeepStrictEqual(events[place], { kind: 'Granted', grant: digest });
      const viemDigest = hashTypedData({
        domain: context.domain,
        types: requestTypes,
        primaryType: 'Grant',
        message: opening as never,
      });
      assert.equal(viemDigest, digest);
    }
    // The terms, too, are hashed alike: a grantee who is a party gets what the opening says.
    const { doctor } = net;
    const own = { ...openings[0]?.terms, grantee: doctor.address, until: FAR, from: 0 };
    const opening = net.grantTo(doctor.address, { ...own, read: true, record: ZERO32 });
    await net.send(
      'consent',
      encodeRequests(context.primitives, 'Grant', [sign(context, patient, 'Grant', opening)]),
    );
    for (const category of CATEGORIES) {
      const { purpose } = opening.terms;
      const asked = { ...question(opening, 7), category, purpose };
      const covered = opening.terms.categories.includes(category);
      assert.equal(await checkGrant(provider, contracts, asked), covered);
    }
  });

  it('the contract judges every question as the protocol does', async () => {
    const { context, patient, doctor, otherDoctor, handle, contracts, provider } = net;
    const all = { read: true, add: true, amend: true };
    const generous = { ...all, categories: [...CATEGORIES], from: 1000, until: 2000 };
    const openings = fc.sample(arbitraryGrant(handle), 12).map((opening, place) => ({
      ...opening,
      terms: {
        ...opening.terms,
        ...(place % 3 === 0 && generous),
        grantee: (place % 2 === 0 ? doctor : otherDoctor).address,
      },
    }));
    const made = openings.slice(0, 9);
    await net.send(
      'consent',
      encodeRequests(
        context.primitives,
        'Grant',
        made.map((opening) => sign(context, patient, 'Grant', opening)),
      ),
    );
    const known = new Set(made.map((opening) => digestOf(context, 'Grant', opening)));
    const view = {
      block: 0,
      age: 0,
      life: () => UNTOLD_LIFE,
      longestRight: FAR,
      party: (party: Hex) =>
        [patient, doctor, otherDoctor].some(({ address }) => address === party)
          ? {
              party,
              role: 'doctor' as const,
              organisation: 'hospital',
              suspended: false,
              standing: 0,
              recipient: ZERO32,
            }
          : undefined,
      signerOf: (party: Hex) => party,
      patient: (asked: Hex) =>
        asked === handle
          ? {
              handle,
              controller: patient.address,
              epoch: 1,
              first: 1,
              count: 100,
              root: word('1'),
            }
          : undefined,
      grant: (digest: Hex) =>
        known.has(digest) ? { handle, state: 'active' as const } : undefined,
      exactEnd: () => undefined,
      isGivenLate: () => false,
      takenOver: () => 0,
    };
    let rights = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...openings),
        fc.constantFrom(
          doctor.address,
          otherDoctor.address,
          patient.address,
          word('9').slice(0, 42),
        ),
        fc.constantFrom(...ACTIONS),
        fc.nat({ max: 30 }),
        mostly,
        mostly,
        fc.constantFrom(-1, 0, 0, 0, 1, 1, 1, 2),
        async (opening, party, action, pick, ownRecord, ownPurpose, moment) => {
          const { terms } = opening;
          const asked: RightQuestion = {
            opening,
            party: (pick % 4 > 0 ? terms.grantee : party) as Hex,
            action,
            category: [...terms.categories, ...CATEGORIES][pick % 6] ?? 'other',
            record: ownRecord ? terms.record : word('5'),
            purpose: ownPurpose ? terms.purpose : 'TREAT',
            at: moment <= 0 ? terms.from + moment : terms.until - 2 + moment,
          };
          let judged = true;
          try {
            const grant = digestOf(context, 'Grant', opening);
            judgeRight(context, view, { ...asked, handle, grant });
          } catch (error) {
            assert(isMedsealError(error));
            judged = false;
          }
          rights += judged ? 1 : 0;
          assert.equal(await checkGrant(provider, contracts, asked), judged);
        },
      ),
      { numRuns: 300 },
    );
    assert(rights > 0, 'the questions must not all be denied');
  });

  it('a request that is refused is named with the reason, beside others that are taken', async () => {
    const { context, patient, doctor, handle } = net;
    const opening = net.grantTo(doctor.address, { salt: `0x${'3c'.repeat(16)}` });
    const good = sign(context, patient, 'Grant', opening);
    const forged = sign(context, doctor, 'Grant', { ...opening, deadline: FAR - 1 });
    const late = sign(context, patient, 'Grant', { ...opening, deadline: 1 });
    const elsewhere = sign(context, patient, 'Grant', { ...opening, handle: word('4') });
    const { events } = await net.send(
      'consent',
      encodeRequests(context.primitives, 'Grant', [forged, good, late, good, elsewhere]),
    );
    assert.deepEqual(
      events.map((event) => (event.kind === 'Refused' ? [event.index, event.error] : event.kind)),
      [
        [0, 'SignatureInvalid'],
        'Granted',
        [2, 'DeadlinePassed'],
        [3, 'GrantKnown'],
        [4, 'HandleUnknown'],
      ],
    );
    assert.equal(events[1]?.kind === 'Granted' && events[1].handle, handle);
  });

  it('a log is checkpointed as it grows, and an entry is found in it', async () => {
    const { context, coordinators, contracts, provider } = net;
    const { primitives } = context;
    const log = word('6');
    const entries = Array.from({ length: 21 }, (_, place) =>
      primitives.sha256(Uint8Array.of(place)),
    );
    const leaves = entries.map((entry) => leafHash(primitives, entry));
    assert.equal(await readLatestCheckpoint(provider, contracts, log), undefined);
    let held = 0;
    for (const size of [1, 2, 7, 8, 21]) {
      const tree = memoryTree(primitives, leaves.slice(0, size));
      const checkpoint = { log, size, root: bytesToHex(tree.root) };
      const { signatures } = net.countersign(coordinators, 'Checkpoint', checkpoint);
      const proof = await consistencyProof(primitives, tree.readHash, held, size);
      const consistency = proof.map(bytesToHex);
      const { events } = await net.send(
        'evidence',
        encodeBatch(evidenceAbi, 'checkpoint', [[checkpoint, consistency, signatures]]),
      );
      assert.partialDeepStrictEqual(events, [{ kind: 'Checkpointed', ...checkpoint }]);
      assert.deepEqual(await readLatestCheckpoint(provider, contracts, log), checkpoint);
      held = size;
    }
    const tree = memoryTree(primitives, leaves);
    for (const index of entries.keys()) {
      const proof = await inclusionProof(primitives, tree.readHash, index, held);
      const call = { abi: evidenceAbi, functionName: 'verifyInclusion' } as const;
      const entry = bytesToHex(entries[index] ?? assert.fail());
      const data = encodeFunctionData({
        ...call,
        args: [log, entry, BigInt(index), BigInt(held), proof.map(bytesToHex)],
      });
      const result = await provider.request({
        method: 'eth_call',
        params: [{ to: contracts.evidence, data }, 'latest'],
      });
      assert.equal(decodeFunctionResult({ ...call, data: result as Hex }), true);
    }
  });

  it('a party is suspended, and the suspension lifted', async () => {
    const { authority, otherDoctor, contracts, provider } = net;
    const party = otherDoctor.address;
    for (const [change, suspended] of [
      [1, true],
      [2, false],
    ] as const) {
      const message = { party, suspended, change, deadline: FAR };
      const { events } = await net.send(
        'registry',
        encodeBatch(registryAbi, 'suspend', [net.countersign(authority, 'Suspension', message)]),
      );
      const kind = suspended ? 'PartySuspended' : 'SuspensionLifted';
      assert.partialDeepStrictEqual(events, [{ kind, party, standing: change }]);
      assert.partialDeepStrictEqual(await readParty(provider, contracts, party), { suspended });
    }
  });

  it('a party changes its key; a recovery is stopped once and finished once', async () => {
    const { context, authority, otherDoctor, contracts, provider } = net;
    const party = otherDoctor.address;
    const [second, third] = [actor(31), actor(32)];
    const recipient = word('7');
    const message: KeyChange = {
      party,
      signer: second.address,
      recipient,
      change: 1,
      deadline: FAR,
    };
    const { signature } = sign(context, otherDoctor, 'KeyChange', message);
    const newSignature = sign(context, second, 'KeyChange', message).signature;
    const changed = await net.send(
      'registry',
      encodeBatch(registryAbi, 'changeKeys', [[message, [signature, newSignature]]]),
    );
    const { deadline, ...change } = message;
    assert.equal(deadline, FAR);
    assert.partialDeepStrictEqual(changed.events, [{ kind: 'KeyChanged', ...change }]);

    const recovery = { ...message, signer: third.address, change: 2 };
    const begin = encodeBatch(registryAbi, 'recover', [
      net.countersign(authority, 'Recovery', recovery),
    ]);
    const begun = await net.send('registry', begin);
    const readyAt = (await net.now()) + DELAY;
    assert.partialDeepStrictEqual(begun.events, [
      { kind: 'RecoveryBegun', party, signer: third.address, recipient, change: 2, readyAt },
    ]);
    const veto = { party, deadline: FAR };
    const stopped = await net.send(
      'registry',
      encodeBatch(registryAbi, 'veto', [sign(context, second, 'Veto', veto)]),
    );
    assert.partialDeepStrictEqual(stopped.events, [{ kind: 'RecoveryStopped', party, change: 2 }]);

    const again = { ...recovery, change: 3 };
    await net.send(
      'registry',
      encodeBatch(registryAbi, 'recover', [net.countersign(authority, 'Recovery', again)]),
    );
    const early = await net.send(
      'registry',
      encodeBatch(registryAbi, 'finishRecoveries', [[party]]),
    );
    assert.partialDeepStrictEqual(early.events, [{ kind: 'Refused', error: 'ChangeEarly' }]);
    await net.wait(DELAY);
    const finished = await net.send(
      'registry',
      encodeBatch(registryAbi, 'finishRecoveries', [[party], [party]]),
    );
    assert.partialDeepStrictEqual(finished.events, [
      { kind: 'KeyChanged', party, signer: third.address, recipient, change: 3 },
      { kind: 'Refused', index: 1, error: 'ChangeUnknown' },
    ]);
    assert.deepEqual(await readParty(provider, contracts, party), {
      signer: third.address,
      role: 2,
      suspended: false,
      change: 3,
      standing: 2,
      organisation: organisationId('hospital'),
      recipient,
    });
  });

  it('coordinators advance an epoch', async () => {
    const { coordinators, handle, contracts, provider } = net;
    const { epoch } = (await readEpoch(provider, contracts, handle)) ?? assert.fail();
    const advance = { handle, epoch: epoch + 1, packets: ZERO32, deadline: FAR };
    const advanced = await net.send(
      'consent',
      encodeBatch(consentAbi, 'advance', [net.countersign(coordinators, 'Advance', advance)]),
    );
    assert.partialDeepStrictEqual(advanced.events, [
      { kind: 'EpochAdvanced', handle, epoch: epoch + 1 },
    ]);
  });

  it('sitting coordinators hand their office over', async () => {
    const { coordinators } = net;
    const next = [actor(41), actor(42), actor(43)];
    const message: OfficeChange = {
      office: 'coordinators',
      members: next.map(({ address }) => address),
      organisations: ['hospital', 'laboratory', 'insurer'].map(organisationId),
      threshold: 3,
      change: 1,
      deadline: FAR,
    };
    const begin = encodeBatch(registryAbi, 'changeOffices', [
      net.countersign(coordinators, 'OfficeChange', message),
    ]);
    const begun = await net.send('registry', begin);
    assert.partialDeepStrictEqual(begun.events, [
      { kind: 'OfficeChangeBegun', office: 'coordinators', change: 1 },
    ]);
    await net.wait(DELAY);
    const finished = await net.send(
      'registry',
      encodeBatch(registryAbi, 'finishOfficeChanges', [[message]]),
    );
    assert.partialDeepStrictEqual(finished.events, [
      { kind: 'OfficeChanged', office: 'coordinators', change: 1, threshold: 3 },
      ...next.map(({ address }, place) => ({
        kind: 'Seated',
        office: 'coordinators',
        holder: address,
        organisation: message.organisations[place],
      })),
    ]);
  });

  it('what is not on the ledger reads as undefined', async () => {
    const { contracts, provider, handle, patient } = net;
    assert.equal(await readController(provider, contracts, handle), patient.address);
    assert.equal(await readController(provider, contracts, word('8')), undefined);
    assert.equal(await readParty(provider, contracts, actor(99).address), undefined);
    assert.equal(await readEpoch(provider, contracts, word('8')), undefined);
  });
});

function arbitraryGrant(handle: Hex): fc.Arbitrary<Grant> {
  return fc.record({
    handle: fc.constant(handle),
    deadline: fc.integer({ min: FAR, max: Number.MAX_SAFE_INTEGER }),
    terms: fc.record({
      grantee: hexOf(20),
      categories: fc.subarray([...CATEGORIES], { minLength: 1, maxLength: 4 }),
      record: fc.oneof(fc.constant(ZERO32), hexOf(32)),
      read: mostly,
      add: mostly,
      amend: fc.boolean(),
      purpose: fc.constantFrom(...PURPOSES),
      from: fc.integer({ min: 1, max: 2 ** 32 }),
      // Some of them are longer than the network allows.
      until: fc.integer({ min: 2 ** 32 + 1, max: 2 ** 32 + FAR + 2 ** 31 }),
      salt: hexOf(16),
    }),
  });
}
