import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeBatch } from '../bindings/encodeBatch.ts';
import { consentAbi } from '../bindings/generated/consentAbi.ts';
import { registryAbi } from '../bindings/generated/registryAbi.ts';
import * as fc from 'fast-check';
import { checkGrant } from '../bindings/checkGrant.ts';
import { encodeRequests } from '../bindings/encodeRequests.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { readEpoch } from '../bindings/test/readEpoch.ts';
import { readParty } from '../bindings/test/readParty.ts';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import type { Party } from '../client/party/Party.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { revokeRight } from '../client/rights/revokeRight.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../node/test/testNetwork.ts';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { TestClock } from '../ledger/test/TestClock.ts';
import { ZERO32, type Handle, type Hex } from '../protocol/ids.ts';
import { judgeRight } from '../protocol/rights/judgeRight.ts';
import type { Grant } from '../protocol/struct/requests.ts';
import { DEFAULT_LONGEST_RIGHT as LONGEST } from '../protocol/network/longestRightOf.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import { digestOf, sign } from '../protocol/struct/signing.ts';
import { changeKey } from '../client/party/changeKey.ts';
import { recipientHash } from '../protocol/rights/recipientHash.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { word } from '../protocol/test/sampleNetwork.ts';
import { ACTIONS } from '../protocol/vocabulary.ts';
import { LedgerIndex } from './LedgerIndex.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

function indexOver(provider: LedgerProvider): LedgerIndex {
  return new LedgerIndex({ provider, network: network.file, clock: network.clock });
}

/** Refreshes an index whose node shows no newest block so many times, while time passes. */
async function refreshedAfter(hidden: number): Promise<{ index: LedgerIndex; looks: number }> {
  const clock = new TestClock(network.clock.now());
  let looks = 0;
  const provider: LedgerProvider = {
    request: async (call) =>
      call.method === 'eth_getBlockByNumber' && looks++ < hidden
        ? await Promise.resolve(null)
        : await network.ledger.request(call),
  };
  const index = new LedgerIndex({ provider, network: network.file, clock });
  const refreshing = index.refresh();
  refreshing.catch(() => undefined);
  for (let step = 0; step < 60; step++) {
    await new Promise(setImmediate);
    clock.advance(20);
  }
  await refreshing;
  return { index, looks };
}

/** Has the authority suspend a party, or lift its suspension. */
async function suspend(party: Party, suspended: boolean, change: number): Promise<void> {
  const message = { party: party.address, suspended, change, deadline: BEGIN + 9000 };
  const signatures = network.authorityKeys
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
    .map((key) => sign(care.doctor, key, 'Suspension', message).signature);
  const data = encodeBatch(registryAbi, 'suspend', [{ message, signatures }]);
  await network.senders.get('hospital')?.send({ to: network.file.contracts.registry, data });
}

describe('an index of the ledger', () => {
  it('says what the contracts say, of parties and patients', async () => {
    const index = indexOver(network.ledger);
    await index.refresh();
    for (const { address } of [care.patient, care.doctor]) {
      const party = await readParty(network.ledger, network.file.contracts, address);
      assert.equal(index.party(address)?.recipient, party?.recipient);
      assert.equal(index.party(address)?.suspended, false);
    }
    const epoch = await readEpoch(network.ledger, network.file.contracts, care.handle);
    const { handle } = care;
    const controller = care.patient.address;
    assert.deepEqual(index.patient(handle), { handle, controller, ...epoch });
    assert.equal(index.party(network.senders.get('hospital')?.address ?? '0x'), undefined);
    assert.equal(index.patient(word('nobody')), undefined);
    assert.equal(index.grant(word('grant')), undefined);
  });

  it('is rebuilt to the same whenever it is opened, block by block or at once', async () => {
    const followed = indexOver(network.ledger);
    await followed.refresh();
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    await followed.refresh();
    const right = await grantRight(patient, everything(care.doctor));
    await followed.refresh();
    await revokeRight(patient, right.digest);
    await commitEpochs(patient, 5);
    await followed.refresh();
    const fresh = indexOver(network.ledger);
    await fresh.refresh();
    const { handle } = await readPatientState(patient);
    for (const index of [followed, fresh]) {
      assert.equal(index.grant(right.digest)?.state, 'ended');
      assert.partialDeepStrictEqual(index.patient(handle), { epoch: 2, first: 1, count: 4 });
    }
    assert.deepEqual(fresh.patient(handle), followed.patient(handle));
    assert.deepEqual(fresh.ended(right.digest), followed.ended(right.digest));
    assert.equal(fresh.block, followed.block);
  });

  it('says of a right that ended without an epoch that none began with it, whatever ended before', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    const { handle } = await readPatientState(patient);
    const first = await grantRight(patient, everything(care.doctor));
    const second = await grantRight(patient, everything(care.stranger));
    await revokeRight(patient, first.digest);
    const index = indexOver(network.ledger);
    await index.refresh();
    index.endAhead(second.digest);
    assert.equal(index.grant(second.digest)?.state, 'ended');
    assert.equal(index.grantOnLedger(second.digest)?.state, 'active');
    assert.deepEqual(index.activeGrants(handle), []);
    const end = { handle, grant: second.digest, deadline: BEGIN + 9000 };
    const data = encodeBatch(consentAbi, 'end', [sign(patient, patient, 'End', end)]);
    await network.senders.get('hospital')?.send({ to: network.file.contracts.consent, data });
    await index.refresh();
    assert.equal(index.grantOnLedger(second.digest)?.state, 'ended');
    assert.partialDeepStrictEqual(index.ended(second.digest), { epoch: 0, packets: ZERO32 });
    assert.equal(index.ended(first.digest)?.epoch, 2);
    assert.equal(index.patient(handle)?.epoch, 2);
  });

  it('knows whether the contract takes such ends', async () => {
    assert.equal(await indexOver(network.ledger).takesEnds(), true);
    const { registry, ...contracts } = network.file.contracts;
    const before = { ...network.file, contracts: { ...contracts, registry, consent: registry } };
    const { ledger: provider, clock } = network;
    const index = new LedgerIndex({ provider, network: before, clock });
    assert.equal(await index.takesEnds(), false);
    const away = new MedsealError('LEDGER_UNREACHABLE', {});
    const silent = { request: async () => await Promise.reject(away) };
    await assert.rejects(indexOver(silent).takesEnds(), failsWith('LEDGER_UNREACHABLE'));
  });

  it('follows suspensions and their end', async () => {
    const index = indexOver(network.ledger);
    const party = await network.party('nurse');
    for (const [change, suspended] of [true, false, true].entries()) {
      await suspend(party, suspended, change + 1);
      await index.refresh();
      assert.equal(index.party(party.address)?.suspended, suspended);
    }
  });

  it('follows changes of key, and knows the keys of before', async () => {
    const index = indexOver(network.ledger);
    const party = await network.party('nurse');
    await index.refresh();
    assert.deepEqual(index.signersOf(party.address), [party.address]);
    assert.equal(index.party(party.address)?.key, undefined);
    const first = await changeKey(party, network.ports.random(32));
    const second = await changeKey(first.party, network.ports.random(32));
    await index.refresh();
    const keys = [party.address, first.signer, second.signer];
    assert.deepEqual(index.signersOf(party.address), keys);
    assert.equal(index.signerOf(party.address), second.signer);
    const { key, recipient } = index.party(party.address) ?? {};
    assert.deepEqual(key, { signer: second.signer, change: 2 });
    assert.equal(recipient, recipientHash(party.primitives, second.party.recipient));
    const { transaction, block } = second;
    assert.deepEqual(index.keyChanged(party.address), { transaction, block });
    assert.deepEqual(
      [first.block - 1, first.block, block - 1, block, undefined].map((until) =>
        index.keyChangesUntil(party.address, until),
      ),
      [0, 1, 1, 2, 2],
    );
    assert.equal(index.ownerOf(first.signer), party.address);
    assert.equal(index.ownerOf(word('nobody').slice(0, 42) as `0x${string}`), undefined);
    const fresh = indexOver(network.ledger);
    await fresh.refresh();
    assert.deepEqual(fresh.signersOf(party.address), keys);
  });

  it('stays as it was while the ledger does not answer, and goes on afterwards', async () => {
    let down = false;
    const provider: LedgerProvider = {
      request: async (call) => {
        if (down && call.method === 'eth_getLogs') throw new Error('unplugged');
        return await network.ledger.request(call);
      },
    };
    const index = indexOver(provider);
    await index.refresh();
    const { block } = index;
    down = true;
    const right = await grantRight(care.patient, everything(care.stranger));
    await assert.rejects(index.refresh(), /unplugged/);
    assert.equal(index.block, block);
    assert.equal(index.grant(right.digest), undefined);
    down = false;
    await index.refresh();
    assert.equal(index.grant(right.digest)?.state, 'active');
  });

  it('waits a second for the newest block of a node that tells of it before it can show it', async () => {
    const { index, looks } = await refreshedAfter(3);
    assert.equal(looks, 4);
    assert.ok(index.party(care.doctor.address) !== undefined);
    await assert.rejects(refreshedAfter(Infinity), failsWith('LEDGER_UNREACHABLE'));
  });

  it('never answers from a reading that began before the question', async () => {
    let release: (() => void) | undefined;
    const provider: LedgerProvider = {
      request: async (call) => {
        const answer = await network.ledger.request(call);
        if (call.method === 'eth_getBlockByNumber' && release === undefined) {
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        }
        return answer;
      },
    };
    const index = indexOver(provider);
    const early = index.refresh();
    const right = await grantRight(care.patient, everything(care.stranger));
    const late = index.refresh();
    release?.();
    await early;
    assert.equal(index.grant(right.digest), undefined, 'the first reading saw the block before');
    await late;
    assert.equal(index.grant(right.digest)?.state, 'active');
  });

  it('judges at the later of the newest block’s time and the clock’s', async () => {
    const { clock } = network;
    const index = indexOver(network.ledger);
    await index.refresh();
    assert.equal(index.moment, Math.floor(clock.now() / 1000));
    clock.advance(5000);
    assert.equal(index.moment, BEGIN + 5);
  });
});

/** Enrols a patient whose handle differs from another's in the last bit, as if k members of the authority lied. */
async function twinOf(handle: Handle): Promise<{ readonly twin: Party; readonly handle: Handle }> {
  const twin = await network.party('patient', { enrolled: false });
  const bytes = hexToBytes(handle);
  bytes[31] = (bytes[31] ?? 0) ^ 1;
  const enrolment = {
    party: twin.address,
    role: 1,
    organisation: organisationId('hospital'),
    recipient: word('recipient'),
    handle: bytesToHex(bytes),
    deadline: BEGIN + 9000,
  };
  const signatures = network.authorityKeys
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
    .map((key) => sign(twin, key, 'Enrolment', enrolment).signature);
  await toLedger(
    'registry',
    encodeBatch(registryAbi, 'enrol', [{ message: enrolment, signatures }]),
  );
  const commitment = { handle: enrolment.handle, first: 1, count: 8, root: word('sheets') };
  const committed = sign(twin, twin, 'CommitEpochs', { ...commitment, deadline: BEGIN + 9000 });
  await toLedger('consent', encodeBatch(consentAbi, 'commitEpochs', [committed]));
  return { twin, handle: enrolment.handle };
}

/** Sends a transaction past every service. */
async function toLedger(contract: 'registry' | 'consent', data: Hex): Promise<void> {
  await network.senders.get('hospital')?.send({ to: network.file.contracts[contract], data });
}

describe('judgeRight by the index', () => {
  it('keeps a grant that a twin of its patient, with a handle close by, tries to end', async () => {
    const index = indexOver(network.ledger);
    const { twin, handle } = await twinOf(care.handle);
    const { grant: opening, digest } = care.right;
    const end = { handle, grant: digest, epoch: 2, packets: ZERO32, deadline: BEGIN + 9000 };
    await toLedger('consent', encodeBatch(consentAbi, 'revoke', [sign(twin, twin, 'Revoke', end)]));
    await index.refresh();
    assert.equal(index.grant(digest)?.state, 'active');
    assert.equal(index.patient(handle)?.epoch, 1);
    const wish = {
      opening,
      party: care.doctor.address,
      action: 'read',
      category: 'vitals',
      record: word('record'),
      purpose: 'TREAT',
      at: BEGIN,
    } as const;
    assert.equal(await checkGrant(network.ledger, network.file.contracts, wish), true);
    judgeRight(care.doctor, index, { ...wish, handle: care.handle, grant: digest });
    const moved = { ...opening, handle };
    const given = { ...wish, opening: moved };
    assert.equal(await checkGrant(network.ledger, network.file.contracts, given), false);
    for (const grant of [digest, digestOf(twin, 'Grant', moved)]) {
      assert.throws(
        () => judgeRight(care.doctor, index, { ...given, handle, grant }),
        failsWith('RIGHT_MISSING'),
      );
    }
  });

  // @attack a node's index takes it for a right all the same | index and contract judge alike
  it('is what the contract’s check says, whatever the grant and the wish', async () => {
    const index = indexOver(network.ledger);
    const suspended = await network.party('doctor');
    await suspend(suspended, true, 1);
    const ended = await grantRight(care.patient, everything(care.doctor));
    await revokeRight(care.patient, ended.digest);
    const grants: Grant[] = [];
    for (const terms of [
      {},
      { categories: ['vitals'] },
      { categories: [] },
      { record: word('record') },
      { read: false },
      { purpose: 'HRESCH' },
      { from: BEGIN + 100, until: BEGIN + 200 },
      { read: false, add: false, amend: false },
      { from: BEGIN, until: BEGIN + LONGEST },
      { from: BEGIN, until: BEGIN + LONGEST + 1 },
      { until: (BEGIN + 3600) * 1000 },
      { from: BEGIN * 1000, until: BEGIN * 1000 + 3600 },
      { from: BEGIN + 200, until: BEGIN + 100 },
      { grantee: suspended.address },
      { grantee: care.patient.address },
    ] as Partial<Grant['terms']>[]) {
      const salt = word(JSON.stringify(terms)).slice(0, 34) as Hex;
      const grant: Grant = {
        handle: care.handle,
        terms: { ...care.right.grant.terms, salt, ...terms },
        deadline: BEGIN + 9000,
      };
      grants.push(grant);
    }
    // Past every service, for an honest one carries none that gives nothing or holds too long.
    const requests = grants.map((grant) => sign(care.patient, care.patient, 'Grant', grant));
    await toLedger('consent', encodeRequests(care.patient.primitives, 'Grant', requests));
    const unknown = { ...care.right.grant, deadline: 1 };
    await index.refresh();
    let allowed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          opening: fc.constantFrom(...grants, ended.grant, unknown, care.right.grant),
          party: fc.constantFrom(
            care.doctor.address,
            care.doctor.address,
            suspended.address,
            care.patient.address,
            network.senders.get('insurer')?.address ?? '0x',
          ),
          action: fc.constantFrom(...ACTIONS),
          category: fc.constantFrom('vitals', 'billing'),
          record: fc.constantFrom(word('record'), word('other')),
          purpose: fc.constantFrom('TREAT', 'TREAT', 'HRESCH'),
          at: fc.constantFrom(
            BEGIN,
            BEGIN + 99,
            BEGIN + 100,
            BEGIN + 199,
            BEGIN + 200,
            BEGIN + 3600,
            BEGIN + LONGEST - 1,
            BEGIN * 1000,
          ),
        } as const),
        async (wish) => {
          const { contracts } = network.file;
          const contract = await checkGrant(network.ledger, contracts, wish);
          const { opening, ...wanted } = wish;
          const grant = digestOf(care.doctor, 'Grant', opening);
          let judged = true;
          try {
            judgeRight(care.doctor, index, { ...wanted, handle: opening.handle, grant, opening });
          } catch {
            judged = false;
          }
          assert.equal(judged, contract);
          allowed += judged ? 1 : 0;
        },
      ),
      { numRuns: 600 },
    );
    assert.ok(allowed > 10, `only ${allowed} rights held: the property proves little`);
    await suspend(care.patient, true, 1);
    await index.refresh();
    const wish = {
      opening: care.right.grant,
      party: care.doctor.address,
      action: 'read',
      category: 'vitals',
      record: word('record'),
      purpose: 'TREAT',
      at: BEGIN,
    } as const;
    // A suspension stops what the patient's key signs, and no right that stood.
    assert.equal(await checkGrant(network.ledger, network.file.contracts, wish), true);
    const { opening, ...wanted } = wish;
    const grant = care.right.digest;
    judgeRight(care.doctor, index, { ...wanted, handle: care.handle, grant, opening });
  });
});
