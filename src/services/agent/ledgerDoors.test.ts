import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Party } from '../../client/party/Party.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import {
  context,
  network,
  primitives,
  signatory,
  word,
  type Signatory,
} from '../../protocol/test/sampleNetwork.ts';
import type { InsuranceClaim } from '../../protocol/care/claims.ts';
import { lotHashOf } from '../../protocol/care/lotHashOf.ts';
import { UNTOLD_LIFE } from '../../protocol/care/vitalRecords.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import type { Suspension } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { RecoveredSigners } from '../deposits/RecoveredSigners.ts';
import { MinuteQuota } from '../MinuteQuota.ts';
import type { AgentContext } from './AgentContext.ts';
import { ledgerDoors } from './ledgerDoors.ts';

/** Present moment, Unix seconds. */
const NOW = 1000;
const deadline = NOW + 60;
const handle = word('handle');
const salt = `0x${'5a'.repeat(16)}` as const;
const [patient, registrar, nurse] = [signatory('p'), signatory('r'), signatory('n')];
const former = signatory('former key of the registrar');
const [seat] = network.authority.members;
const place = { transaction: word('transaction'), block: 7 };
const ROLES = new Map([
  [patient.address, 'patient'],
  [registrar.address, 'registrar'],
  [nurse.address, 'nurse'],
]);

/** An agent whose ledger refuses every dry run, and counts how often it is asked anything. */
function stage(index: object = {}) {
  const asked = { tries: 0, refreshes: 0 };
  const clock = { now: () => NOW * 1000, after: () => () => undefined };
  const own = {
    moment: NOW,
    refresh: async () => await Promise.resolve(void (asked.refreshes += 1)),
    party: (party: Address) =>
      ROLES.has(party) ? { role: ROLES.get(party), standing: 4, suspended: false } : undefined,
    patient: () => ({ controller: patient.address }),
    signerOf: (party: Address) => (ROLES.has(party) ? party : undefined),
    signersOf: (party: Address) =>
      party === registrar.address ? [former.address, party] : [party],
    life: () => UNTOLD_LIFE,
    places: { of: () => undefined },
    ...index,
  };
  const address = signatory('contract').address;
  const contracts = {
    ...network.contracts,
    claims: address,
    vitalRecords: address,
    settlement: address,
  };
  const agent = {
    ...context,
    network: { ...network, contracts },
    index: own,
    recovered: new RecoveredSigners(),
    accounts: { note: () => undefined },
    changing: new KeyedLock(),
    vitalRecords: new MinuteQuota(clock, 'births, deaths and wills', 2),
    vitalTries: new MinuteQuota(clock, 'births, deaths and wills', 4),
    sender: {
      send: async () => {
        asked.tries += 1;
        return await Promise.reject(new MedsealError('RULE_REFUSED', { reason: 'StepUnexpected' }));
      },
    },
  } as unknown as AgentContext;
  return { doors: ledgerDoors(agent), asked };
}

describe('a suspension at the door', () => {
  // @attack somebody sends a signed suspension again and again | its number is compared in memory: the ledger is not asked
  it('does not ask the ledger unless it is the next of a party that is enrolled', async () => {
    const { doors, asked } = stage();
    const suspend = async (party: Address, change: number) => {
      const message = { party, suspended: true, change, deadline };
      const signatures = network.authority.members.map(({ organisation }) => {
        const key = signatory(`authority of ${organisation}`);
        return sign(context, key, 'Suspension', message).signature;
      });
      return await doors.suspend({ message, signatures });
    };
    const unexpected = failsWith('RULE_REFUSED', { reason: 'ChangeUnexpected' });
    for (const change of [4, 6]) await assert.rejects(suspend(nurse.address, change), unexpected);
    await assert.rejects(suspend(signatory('nobody').address, 1), failsWith('PARTY_UNKNOWN'));
    assert.equal(asked.tries, 0);
    await assert.rejects(suspend(nurse.address, 5), failsWith('RULE_REFUSED'));
    assert.equal(asked.tries, 1);
  });
});

describe('a suspension that anyone brings to an agent', () => {
  let running: TestNetwork;
  let doctor: Party;
  before(async () => {
    running = await startTestNetwork();
    doctor = await running.party('doctor');
  });
  after(async () => await running.close());

  /** A suspension of the doctor that all members signed, with something changed. */
  function signed(change: Partial<Suspension> = {}): SignedSuspension {
    const first = { party: doctor.address, suspended: true, change: 1, deadline: BEGIN + 300 };
    const message = { ...first, ...change };
    const signatures = running.authorityKeys.map((key) => {
      return sign(doctor, key, 'Suspension', message).signature;
    });
    return { message, signatures };
  }

  async function transactions(): Promise<number> {
    let count = 0;
    for (const sender of running.senders.values()) {
      const params = [sender.address, 'latest'];
      const method = 'eth_getTransactionCount';
      count += Number(await running.ledger.request({ method, params }));
    }
    return count;
  }

  // @attack somebody reads a signed suspension off the ledger, and has an agent send it again and again | what the ledger has, or would refuse, costs no transaction
  it('costs one transaction, however often it is brought, at once or later', async () => {
    const start = await transactions();
    const brought = [1, 2, 3].map(async () => await doctor.agent.suspend(signed()));
    const settled = await Promise.allSettled(brought);
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
    const unexpected = failsWith('RULE_REFUSED', { reason: 'ChangeUnexpected' });
    await assert.rejects(running.agent('insurer').suspend(signed()), unexpected);
    await assert.rejects(doctor.agent.suspend(signed({ suspended: false })), unexpected);
    await assert.rejects(doctor.agent.suspend(signed({ change: 3 })), unexpected);
    assert.equal(await transactions(), start + 1);
  });

  it('costs none if it is late, or of nobody who is enrolled', async () => {
    const start = await transactions();
    const late = signed({ change: 2, deadline: BEGIN - 1 });
    await assert.rejects(doctor.agent.suspend(late), failsWith('REQUEST_LATE'));
    const nobody = signed({ party: signatory('nobody').address });
    await assert.rejects(doctor.agent.suspend(nobody), failsWith('PARTY_UNKNOWN'));
    assert.equal(await transactions(), start);
  });
});

describe('a lot at the door', () => {
  const lot = word('lot');
  const claimant = patient.address;
  const claim: InsuranceClaim = {
    terms: {
      handle,
      claimant,
      payee: claimant,
      coverage: word('coverage'),
      entry: ZERO32,
      records: [],
      bill: ZERO32,
      content: ZERO32,
      salt,
    },
    claimant,
    insurer: nurse.address,
    payee: claimant,
    amount: 1,
    total: 1,
    treatment: ZERO32,
    follows: ZERO32,
    authorisation: ZERO32,
    lotHash: lotHashOf(primitives, lot),
    deadline,
  };
  const disputed = { state: 'disputed', due: NOW, claimant, disputant: nurse.address };

  // @attack somebody who has the plaintext of one claim sends made-up lots of it side by side | each is compared in memory, one at once: the ledger is not asked
  it('does not ask the ledger if the claim is not disputed, its term is over, or the hash is of another lot', async () => {
    for (const [facts, sent, reason] of [
      [{ ...disputed, state: 'decided' }, lot, 'StateUnfit'],
      [{ ...disputed, due: NOW - 1 }, lot, 'TermLapsed'],
      [disputed, word('another lot'), 'LotInvalid'],
      [{ ...disputed, disputant: claimant, lotHash: word('hash') }, lot, 'LotInvalid'],
    ] as const) {
      const { doors, asked } = stage({ claims: { facts: () => facts, lots: () => undefined } });
      const settled = doors.settle({ due: 'lot', claim, lot: sent });
      await assert.rejects(settled, failsWith('RULE_REFUSED', { reason }));
      assert.equal(asked.tries, 0, reason);
    }
    const { doors, asked } = stage({ claims: { facts: () => disputed, lots: () => undefined } });
    const refused = failsWith('RULE_REFUSED', { reason: 'StepUnexpected' });
    await assert.rejects(doors.settle({ due: 'lot', claim, lot }), refused);
    assert.equal(asked.tries, 1);
  });

  it('waits for the other lots of its claim', async () => {
    const steps: string[] = [];
    const refresh = async () => {
      steps.push('begins');
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('ends');
    };
    const claims = { facts: () => disputed, lots: () => undefined };
    const { doors } = stage({ claims, refresh });
    const lots = ['one', 'two'].map(async (name) => {
      return await doors.settle({ due: 'lot', claim, lot: word(name) });
    });
    await Promise.allSettled(lots);
    assert.deepEqual(steps, ['begins', 'ends', 'begins', 'ends']);
  });
});

describe('a birth, a death or a will at the door', () => {
  const terms = { record: ZERO32, content: ZERO32, at: 1, salt };
  const death = (reporter: Address, by: Signatory, step = 1) => {
    const message = { terms, reporter, handle, step, deadline };
    return { request: { ...sign(context, by, 'Death', message), party: reporter } };
  };

  // @attack a thief of a former key of a registrar, or a party that attests nothing, sends deaths without end | refused by what the node knows: the ledger is not asked
  it('does not ask the ledger under a former key, or for a party whose role does not attest', async () => {
    const { doors, asked } = stage();
    const invalid = failsWith('SIGNATURE_INVALID');
    await assert.rejects(doors.vital(death(registrar.address, former)), invalid);
    const unfit = failsWith('RULE_REFUSED', { reason: 'RoleUnfit' });
    await assert.rejects(doors.vital(death(nurse.address, nurse)), unfit);
    const undone = { content: ZERO32, reason: 'mistake', salt };
    const undo = {
      terms: undone,
      what: 'death',
      handle,
      report: ZERO32,
      step: 1,
      deadline,
    } as const;
    for (const [second, by, expected] of [
      [registrar, former, invalid],
      [nurse, nurse, unfit],
    ] as const) {
      const pair = { first: registrar.address, second: second.address };
      const message = { ...undo, ...pair };
      const request = sign(context, registrar, 'UndoVital', message);
      const { signature } = sign(context, by, 'UndoVital', message);
      await assert.rejects(doors.vital({ request, second: signature }), expected);
    }
    assert.equal(asked.tries, 0);
  });

  // @attack a registrar sends deaths that the ledger refuses, which cost no quota of transactions | what was tried counts in a quota of its own, twice as large
  it('asks the ledger for one party only as often in a minute as its quota of tries lets it', async () => {
    const { doors, asked } = stage();
    for (const step of [2, 3, 4, 5]) {
      const refused = doors.vital(death(registrar.address, registrar, step));
      await assert.rejects(refused, failsWith('RULE_REFUSED', { reason: 'StepUnexpected' }));
    }
    const spent = failsWith('QUOTA_SPENT');
    await assert.rejects(doors.vital(death(registrar.address, registrar, 6)), spent);
    assert.equal(asked.tries, 4);
  });

  it('is not known by a confirmation of the same report that says it is of something else', async () => {
    const report = word('report');
    const reported = { ...UNTOLD_LIFE.birth, stage: 'confirmed', report };
    const { doors } = stage({
      life: () => ({ ...UNTOLD_LIFE, birth: reported }),
      places: { of: () => place },
    });
    const confirmed = async (what: 'birth' | 'death') => {
      const named = { handle, report, step: 2, confirmer: registrar.address, deadline };
      return await doors.vital({
        request: sign(context, registrar, 'ConfirmVital', { what, ...named }),
      });
    };
    assert.deepEqual(await confirmed('birth'), place);
    await assert.rejects(confirmed('death'), failsWith('RULE_REFUSED'));
  });
});

describe('settlement units at the door', () => {
  const organisation = organisationId(seat?.organisation ?? assert.fail());
  const units = { organisation, amount: 1, number: 1, deadline };

  // @attack somebody without a seat sends issues and redemptions in an organisation's name | its signature is compared first: they hold up nobody, and no block is asked for
  it('wait for nothing unless a seat of the organisation signed them, or the ledger has them', async () => {
    for (const known of [undefined, place]) {
      const { doors, asked } = stage({ places: { of: () => known } });
      const issue = sign(context, nurse, 'IssueUnits', { ...units, account: nurse.address });
      const redeem = sign(context, nurse, 'RedeemUnits', { ...units, holder: nurse.address });
      for (const request of [issue, redeem]) {
        const answer = Promise.resolve().then(
          async () => await doors.units({ request, second: request.signature }),
        );
        if (known === undefined) await assert.rejects(answer, failsWith('SIGNATURE_INVALID'));
        else assert.deepEqual(await answer, place);
      }
      assert.equal(asked.refreshes, known === undefined ? 0 : 2);
    }
  });
});
