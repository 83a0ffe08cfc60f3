import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { suspend } from '../../node/test/suspend.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  BEGIN,
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { RightsPage } from '../../protocol/AgentPort.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { FindRights, Grant, Signed } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import { sendLetter } from '../letters/letters.ts';
import { knownRights, rightFor } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from './grantRight.ts';
import { restoreRights } from './restoreRights.ts';
import { revokeRight } from './revokeRight.ts';

let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

function request(party: Party, change: Partial<FindRights> = {}): Signed<'FindRights'> {
  const salt = bytesToHex(party.random(16));
  return sign(party, party, 'FindRights', {
    after: ZERO32,
    deadline: BEGIN + 300,
    salt,
    ...change,
  });
}

async function digestsOf(party: Party): Promise<readonly string[]> {
  return (await knownRights(party)).map(({ digest }) => digest).toSorted();
}

/** Answers of an agent that says that these are all the rights. */
function saying(page: unknown): { findRights: () => Promise<RightsPage> } {
  return { findRights: async () => await Promise.resolve(page as RightsPage) };
}

describe('a grantee on a new device', () => {
  it('finds every right from the phrase alone, though another device took the letters', async () => {
    const { patient, doctor, right, handle } = care;
    const terms = { grantee: doctor.address, purpose: 'TREAT', until: BEGIN + 3600 } as const;
    const toAdd = { ...terms, categories: ['vitals'], actions: ['add'] } as const;
    const added = await grantRight(patient, toAdd);
    for (const { grant } of [right, added]) await sendLetter(patient, doctor.address, { grant });
    assert.equal((await checkInbox(doctor)).rights.length, 2);
    const device = await furtherDevice(network, doctor);
    assert.deepEqual(await digestsOf(device), []);
    assert.equal((await checkInbox(device)).rights.length, 2, 'no letter is left');
    assert.deepEqual(await digestsOf(device), [right.digest, added.digest].toSorted());
    const found = await rightFor(device, { handle, action: 'read' });
    const { grant } = found ?? assert.fail();
    await readChart(device, { handle, grant, purpose: 'TREAT' });
  });

  it('finds rights that no letter told of, and those of several patients', async () => {
    const { doctor, right } = care;
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const other = await grantRight(patient, everything(doctor));
    const [one, two] = await Promise.all([
      furtherDevice(network, doctor),
      furtherDevice(network, doctor),
    ]);
    const found = await Promise.all([restoreRights(one), restoreRights(two)]);
    assert.deepEqual(
      found.map(({ length }) => length),
      [2, 2],
      'two devices at once',
    );
    assert.deepEqual(await digestsOf(one), [right.digest, other.digest].toSorted());
    assert.deepEqual(await restoreRights(one), [], 'nothing is found twice');
  });

  it('finds them whichever organisation lost what it kept, and after all were started again', async () => {
    const { doctor } = care;
    for (const name of ['hospital', 'laboratory', 'insurer'] as const) {
      await network.lose(name, 'kept');
      assert.equal((await restoreRights(await furtherDevice(network, doctor))).length, 1, name);
      await network.services(name).contributor.repair();
      const { contributor } = network.services(name);
      assert.equal((await contributor.rights(request(doctor))).length, 1, `${name} has it again`);
    }
  });

  it('finds a right that begins later, and none that was ended or has expired', async () => {
    const { patient, doctor, right } = care;
    const terms = { grantee: doctor.address, categories: ['vitals'], purpose: 'TREAT' } as const;
    const soon = { ...terms, actions: ['add'], until: BEGIN + 60 } as const;
    await grantRight(patient, soon);
    const later = { ...soon, from: BEGIN + 600, until: BEGIN + 3600 };
    const coming = await grantRight(patient, later);
    await revokeRight(patient, right.digest);
    network.clock.advance(61_000);
    const device = await furtherDevice(network, doctor);
    await restoreRights(device);
    assert.deepEqual(await digestsOf(device), [coming.digest]);
  });
});

describe('the rights of a party', () => {
  // @attack somebody asks nodes for the rights of another party | nodes tell them to the party's present key alone
  it('are told to nobody else, whoever signs and whatever it names', async () => {
    const { doctor, stranger, patient, right } = care;
    for (const party of [stranger, patient]) {
      assert.deepEqual(await party.agent.findRights(request(party)), { rights: [], more: false });
    }
    const { agent } = stranger;
    const own = request(stranger);
    const forged = { ...own, party: doctor.address };
    await assert.rejects(agent.findRights(forged), failsWith('SIGNATURE_INVALID'));
    const signed = request(doctor);
    const altered = { ...signed, message: { ...signed.message, after: right.digest } };
    await assert.rejects(agent.findRights(altered), failsWith('SIGNATURE_INVALID'));
    const outsider = await network.party('doctor', { enrolled: false });
    await assert.rejects(agent.findRights(request(outsider)), failsWith('PARTY_UNKNOWN'));
    for (const [change, code] of [
      [{ deadline: BEGIN - 1 }, 'REQUEST_LATE'],
      [{ deadline: BEGIN + 90_000 }, 'REQUEST_EARLY'],
    ] as const) {
      await assert.rejects(agent.findRights(request(doctor, change)), failsWith(code));
    }
  });

  // @attack an agent passes on a request for the rights of a party that did not sign it | each contributor checks the signature for itself
  it('are kept back by every contributor from who is not the grantee, whatever an agent passes on', async () => {
    const { doctor, stranger } = care;
    const forged = { ...request(stranger), party: doctor.address };
    for (const name of ['hospital', 'laboratory', 'insurer'] as const) {
      const { contributor } = network.services(name);
      await assert.rejects(contributor.rights(forged), failsWith('SIGNATURE_INVALID'));
      const { type: _, ...rest } = request(doctor);
      const other = { ...rest, type: 'Collect' } as never;
      await assert.rejects(contributor.rights(other), failsWith('REQUEST_MALFORMED'));
      assert.deepEqual(await contributor.rights(request(stranger)), []);
      assert.equal((await contributor.rights(request(doctor))).length, 1);
    }
  });

  it('are not told to a party that is suspended, and again once that is lifted', async () => {
    const { doctor } = care;
    await suspend(network, doctor, 1);
    const refusal = failsWith('PARTY_SUSPENDED');
    await assert.rejects(doctor.agent.findRights(request(doctor)), refusal);
    for (const name of ['laboratory', 'insurer'] as const) {
      await assert.rejects(network.services(name).contributor.rights(request(doctor)), refusal);
    }
    await suspend(network, doctor, 2);
    assert.equal((await restoreRights(doctor)).length, 1);
  });

  // @attack a contributor holds a party's rights back, or fills its page with rights that nobody gave | k organisations answer; what the ledger does not have ends no page
  it('are all told if one organisation holds them back, or makes rights up', async () => {
    const { doctor, stranger, right } = care;
    const made = { ...right.grant, terms: { ...right.grant.terms, salt: `0x${'00'.repeat(16)}` } };
    const others = { ...right.grant, terms: { ...right.grant.terms, grantee: stranger.address } };
    const many = Array.from({ length: 64 }, () => right.grant);
    const lies: readonly (readonly unknown[])[] = [
      [],
      [made],
      [others, right.grant],
      [null, 7, { handle: ZERO32 }],
      Array.from({ length: 64 }, () => made),
      many,
    ];
    const { contributor } = network.services('laboratory');
    for (const lie of lies) {
      const rights = async (): Promise<readonly Grant[]> =>
        await Promise.resolve(lie as readonly Grant[]);
      network.liars.contributor.set('laboratory', { ...contributor, rights });
      const device = await furtherDevice(network, doctor);
      assert.equal((await restoreRights(device)).length, 1, JSON.stringify(lie).slice(0, 60));
      assert.deepEqual(await digestsOf(device), [right.digest]);
    }
  });
});

describe('a right that is over', () => {
  it('hides no other one, if an organisation names it again and again', async () => {
    const { patient, doctor } = care;
    const given = [care.right];
    for (let count = 0; count < 4; count++) {
      const until = BEGIN + 60 + count;
      given.push(await grantRight(patient, { ...everything(doctor), until }));
    }
    const lowest = given.toSorted((left, right) => (left.digest < right.digest ? -1 : 1))[0];
    assert.ok(lowest !== undefined && lowest !== care.right, 'the seed of this test fits');
    network.clock.advance(100_000);
    const { contributor } = network.services('laboratory');
    const rights = async (): Promise<readonly Grant[]> =>
      await Promise.resolve(Array.from({ length: 64 }, () => lowest.grant));
    network.liars.contributor.set('laboratory', { ...contributor, rights });
    const device = await furtherDevice(network, doctor);
    assert.equal((await restoreRights(device)).length, 1);
    assert.deepEqual(await digestsOf(device), [care.right.digest]);
  });
});

describe('a device that is offered rights', () => {
  // @attack a node gives a device the opening of a right that the patient did not give, or gave to another | the device confirms each with k coordinators
  it('takes none that the ledger does not have, that is another’s, or is over, or is malformed', async () => {
    const { patient, doctor, stranger, right } = care;
    const { terms } = right.grant;
    const foreign = await grantRight(patient, everything(stranger));
    const ended = await grantRight(patient, everything(doctor));
    await revokeRight(patient, ended.digest);
    const offers: readonly unknown[] = [
      { ...right.grant, terms: { ...terms, until: terms.until + 1 } },
      { ...right.grant, handle: ZERO32 },
      { ...right.grant, terms: { ...terms, grantee: stranger.address } },
      foreign.grant,
      ended.grant,
      { ...right.grant, more: 'text of the agent’s own' },
      null,
      'right',
    ];
    const device = await furtherDevice(network, doctor);
    const lied = behind(device, saying({ rights: offers, more: false }));
    assert.deepEqual(await restoreRights(lied), []);
    for (const page of [undefined, null, 7, {}, { rights: 'all', more: true }]) {
      assert.deepEqual(await restoreRights(behind(device, saying(page))), []);
    }
    assert.deepEqual(await digestsOf(device), []);
    const beside = saying({ rights: [...offers, right.grant], more: false });
    assert.equal((await restoreRights(behind(device, beside))).length, 1, 'the sound one counts');
  });

  // @attack an agent keeps a device busy with more and more rights | a page without a right that the ledger has is the last
  it('is not kept busy by an agent that says again and again that there are more', async () => {
    const { doctor, right } = care;
    let asked = 0;
    const device = await furtherDevice(network, doctor);
    const endless = (rights: () => readonly Grant[]): Party =>
      behind(device, {
        findRights: async () => {
          asked += 1;
          return await Promise.resolve({ rights: rights(), more: true });
        },
      });
    await restoreRights(endless(() => [right.grant]));
    assert.equal(asked, 2, 'the same right twice is the end');
    asked = 0;
    await restoreRights(
      endless(() => {
        const salt = bytesToHex(device.random(16));
        return [{ ...right.grant, terms: { ...right.grant.terms, salt } }];
      }),
    );
    assert.equal(asked, 1);
  });
});
