import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestNetwork, type TestNetwork } from '../../../node/test/testNetwork.ts';
import { MOST_OUTSTANDING } from '../../../protocol/care/claims.ts';
import type { UnitsAsked } from '../../../protocol/AgentPort.ts';
import { addressOf } from '../../../crypto/addressOf.ts';
import { seconds } from '../../../protocol/Clock.ts';
import { organisationId } from '../../../protocol/network/networkLookups.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { failsWith } from '../../../protocol/test/failsWith.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import { changeKey } from '../../party/changeKey.ts';
import type { Party } from '../../party/Party.ts';
import type { AuthorityKey } from '../../rights/signByMembers.ts';
import { issueUnits } from './issueUnits.ts';
import { readAccount, readIssuer } from './readUnits.ts';
import { redeemUnits, signRedemption } from './redeemUnits.ts';
import { confirmRedemption, parseRedemption, type RedemptionFile } from './redemptionFile.ts';

let network: TestNetwork;
let holder: Party;
let other: Party;
let hospital: AuthorityKey;
let laboratory: AuthorityKey;
before(async () => {
  network = await startTestNetwork({ further: ['settlement', 'claims'] });
  holder = await network.party('doctor');
  other = await network.party('doctor', { organisation: 'laboratory' });
  [hospital, laboratory] = [seatOf('hospital'), seatOf('laboratory')];
});
after(async () => await network.close());

function seatOf(organisation: string): AuthorityKey {
  const { members } = network.file.authority;
  const member = members.find((each) => each.organisation === organisation);
  const key = network.authorityKeys.find(({ address }) => address === member?.address);
  return key ?? assert.fail();
}

const refused = (reason: string): ReturnType<typeof failsWith> =>
  failsWith('RULE_REFUSED', { reason });

describe('settlement units', () => {
  it('are issued by a seat for its organisation, and redeemed by the holder and a seat', async () => {
    const account = holder.address;
    await issueUnits(other, hospital, { organisation: 'hospital', account, amount: 100 });
    assert.deepEqual(await readAccount(holder), { balance: 100, number: 0 });
    assert.deepEqual(await readIssuer(other, 'hospital'), { outstanding: 100, number: 1 });
    const file = await signRedemption(holder, { organisation: 'hospital', amount: 40 });
    const read = parseRedemption(JSON.stringify(file));
    const place = await redeemUnits(other, hospital, read);
    assert.deepEqual(await readAccount(other, account), {
      balance: 60,
      number: 1,
    });
    assert.deepEqual(await readIssuer(other, 'hospital'), { outstanding: 60, number: 1 });
    assert.deepEqual(await redeemUnits(other, hospital, read), place, 'a repeat redeems once');
    assert.equal((await readIssuer(other, 'hospital')).outstanding, 60);
  });

  // @actor a crash, or a lost answer, anywhere in an issue of units, and the same command again | has the units issued twice: the verb remembered nothing
  it('are issued once for the same values, until somebody asks for as much again', async () => {
    const at = await network.party('doctor');
    const units = { organisation: 'hospital', account: at.address, amount: 30 };
    const first = await issueUnits(at, hospital, units);
    assert.equal(first.already, false);
    // Another account, and another amount, are other issues.
    await issueUnits(at, hospital, { ...units, account: other.address });
    await issueUnits(at, hospital, { ...units, amount: 2 });
    assert.deepEqual(await issueUnits(at, hospital, units), { ...first, already: true });
    assert.equal((await readAccount(at)).balance, 32);
    assert.equal((await issueUnits(at, hospital, { ...units, again: true })).already, false);
    assert.equal((await issueUnits(at, hospital, { ...units, again: true })).already, false);
    assert.equal((await issueUnits(at, hospital, units)).already, true);
    assert.equal((await readAccount(at)).balance, 92);
  });

  it('are issued once by two that issue the same at one moment', async () => {
    const at = await network.party('doctor');
    const units = { organisation: 'insurer', account: at.address, amount: 30 };
    const insurer = seatOf('insurer');
    const twice = [at, { ...at, device: memoryDevice() }];
    await Promise.all(twice.map(async (each) => await issueUnits(each, insurer, units)));
    assert.equal((await readAccount(at)).balance, 30);
  });

  it('that were cut off, and then corrected, are issued as one or the other', async () => {
    const at = await network.party('doctor');
    const units = { organisation: 'hospital', account: at.address, amount: 30 };
    let place = 0;
    const cutOff = async (asked: UnitsAsked): Promise<never> => {
      place = (await at.agent.units(asked)).block;
      throw new Error('cut off');
    };
    const agent = new Proxy(at.agent, {
      get: (target, name) => (name === 'units' ? cutOff : Reflect.get(target, name)),
    });
    await assert.rejects(issueUnits({ ...at, agent }, hospital, units), /cut off/);
    const corrected = issueUnits(at, hospital, { ...units, amount: 3 });
    const what = `issue of 0.30 units to ${at.address}`;
    await assert.rejects(corrected, failsWith('EARLIER_STANDS', { what }));
    const { block, already } = await issueUnits(at, hospital, units);
    assert.deepEqual([block, already], [place, true]);
    assert.equal((await readAccount(at)).balance, 30);
  });

  // @attack an issue of units is sent to a node again | it gets the first answer, and issues nothing
  it('are issued by nobody for another organisation, twice, or over the ceiling', async () => {
    const account = holder.address;
    const { number, outstanding } = await readIssuer(other, 'hospital');
    for (const key of [
      laboratory,
      { address: other.address, signingKey: other.keys.signingKey() },
    ]) {
      const issue = issueUnits(other, key, { organisation: 'hospital', account, amount: 1 });
      await assert.rejects(issue, failsWith('SIGNATURE_INVALID'));
    }
    const over = MOST_OUTSTANDING - outstanding + 1;
    for (const amount of [0, over]) {
      const issue = issueUnits(other, hospital, { organisation: 'hospital', account, amount });
      await assert.rejects(issue, refused('AmountInvalid'));
    }
    const message = {
      organisation: organisationId('hospital'),
      account,
      amount: 5,
      number: number + 1,
      deadline: seconds(other.clock) + 60,
    };
    const request = sign(other, hospital, 'IssueUnits', message);
    const place = await other.agent.units({ request });
    assert.deepEqual(await other.agent.units({ request }), place, 'a repeat issues once');
    // As from a seat whose key was changed since.
    const former = sign(other, laboratory, 'IssueUnits', message);
    assert.deepEqual(await other.agent.units({ request: former }), place, 'the first answer');
    const again = sign(other, hospital, 'IssueUnits', { ...message, amount: 6 });
    await assert.rejects(other.agent.units({ request: again }), refused('NumberUnexpected'));
    const late = { ...message, number: number + 2, deadline: seconds(other.clock) - 60 };
    const tooLate = other.agent.units({ request: sign(other, hospital, 'IssueUnits', late) });
    await assert.rejects(tooLate, failsWith('REQUEST_LATE'));
    assert.equal((await readIssuer(other, 'hospital')).outstanding, outstanding + 5);
  });

  // @attack a redemption is altered, or accepted by an organisation that it does not name | nothing is sent to the ledger
  it('are redeemed by nobody else, nor beyond what is there, nor from a file that was altered', async () => {
    const file = await signRedemption(holder, { organisation: 'hospital', amount: 10 });
    await assert.rejects(redeemUnits(other, laboratory, file), failsWith('SIGNATURE_INVALID'));
    const { request } = file;
    await assert.rejects(other.agent.units({ request }), failsWith('SIGNATURE_INVALID'));
    const message = { ...request.message, amount: 11 };
    const altered = { ...file, request: { ...request, message } };
    await assert.rejects(redeemUnits(other, hospital, altered), failsWith('SIGNATURE_INVALID'));
    const stolen = sign(other, other, 'RedeemUnits', request.message);
    const theft = redeemUnits(other, hospital, { ...file, request: stolen });
    await assert.rejects(theft, failsWith('SIGNATURE_INVALID'));
    const { balance } = await readAccount(holder);
    await issueUnits(other, hospital, {
      organisation: 'hospital',
      account: other.address,
      amount: 9,
    });
    const over = await signRedemption(holder, { organisation: 'hospital', amount: balance + 1 });
    await assert.rejects(redeemUnits(other, hospital, over), refused('FundsMissing'));
    const foreign = await signRedemption(holder, { organisation: 'laboratory', amount: 1 });
    await assert.rejects(redeemUnits(other, laboratory, foreign), refused('AmountInvalid'));
    assert.equal((await readAccount(holder)).balance, balance);
    for (const text of ['', '{}', JSON.stringify({ ...file, format: 'other' })]) {
      assert.throws(() => parseRedemption(text), failsWith('ARGUMENT_INVALID'));
    }
  });

  // @attack a redemption is handed over by somebody who puts their own name in, or it is of another network | nothing is signed: the file says whose it is, and proves it
  it('are redeemed by a file that says whose they are, or nobody signs it', async () => {
    const file = await signRedemption(holder, { organisation: 'hospital', amount: 1 });
    const owner = await confirmRedemption(other, file);
    assert.deepEqual([owner.party, owner.role], [holder.address, 'doctor']);
    const signing = countedSeat();
    const refusedBefore = async (
      given: RedemptionFile,
      code: Parameters<typeof failsWith>[0],
    ): Promise<void> => {
      await assert.rejects(redeemUnits(other, signing.seat, given), failsWith(code));
      assert.equal(signing.count(), 0, 'the seat signed nothing');
    };
    await refusedBefore({ ...file, network: `0x${'ab'.repeat(32)}` }, 'ARGUMENT_INVALID');
    await refusedBefore({ ...file, owner: other.address }, 'SIGNATURE_INVALID');
    // Another party says that the account is its own.
    const { message } = file.request;
    const { signature } = sign(other, other, 'RedeemUnits', message);
    for (const shift of ['00', '01', 'ff'].map((byte) => `0x${byte.repeat(32)}` as const)) {
      const claimed = { ...file, owner: other.address, account: { signature, shift } };
      await refusedBefore(claimed, 'SIGNATURE_INVALID');
    }
    const late = sign(holder, holder, 'RedeemUnits', { ...message, deadline: 1_000 });
    await refusedBefore({ ...file, request: late }, 'REQUEST_LATE');
    // Nobody enrolled this key.
    const signingKey = new Uint8Array(32).fill(5);
    const { primitives } = network.ports;
    const key = { signingKey, address: addressOf(primitives, primitives.publicKey(signingKey)) };
    const unknown = sign(other, key, 'RedeemUnits', { ...message, holder: key.address });
    await refusedBefore({ ...file, owner: key.address, request: unknown }, 'SIGNATURE_INVALID');
    // A thief of a former key.
    const robbed = await network.party('doctor');
    const taken = await signRedemption(robbed, { organisation: 'hospital', amount: 1 });
    await changeKey(robbed, network.ports.random(32));
    await refusedBefore(taken, 'SIGNATURE_INVALID');
    await redeemUnits(other, signing.seat, file);
    assert.equal(signing.count(), 1);
  });

  it('are refused in the form of a file that did not say whose they are, with a sentence', async () => {
    const {
      owner,
      network: id,
      ...rest
    } = await signRedemption(holder, {
      organisation: 'hospital',
      amount: 1,
    });
    assert.ok(owner !== id);
    const text = JSON.stringify({ ...rest, format: 'medseal-redemption/1' });
    assert.throws(
      () => parseRedemption(text),
      (error: Error) => {
        assert.match(error.message, /does not say whose it is: have it signed again/);
        return failsWith('ARGUMENT_INVALID')(error);
      },
    );
  });
});

/** The hospital's seat, and how often something was signed with its key. */
function countedSeat(): { readonly seat: AuthorityKey; count(): number } {
  let used = 0;
  const { address, signingKey } = hospital;
  return {
    seat: {
      address,
      get signingKey() {
        used += 1;
        return signingKey;
      },
    },
    count: () => used,
  };
}
