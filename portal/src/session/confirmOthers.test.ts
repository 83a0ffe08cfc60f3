import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { changeKey, suspendParty, type Party } from '../../../src/client/index.ts';
import {
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../src/node/test/testNetwork.ts';
import type { PartyFacts } from '../../../src/protocol/evidence/facts.ts';
import { failsWith } from '../../../src/protocol/test/failsWith.ts';
import { signatory, word } from '../../../src/protocol/test/sampleNetwork.ts';
import {
  confirmOthers,
  isUnchanged,
  mayNotGet,
  othersKey,
  type OtherConfirmed,
} from './confirmOthers.ts';
import { confirmTogether } from './confirmTogether.ts';
import type { Session } from './Session.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

function sessionOf(party: Party, own = false): Session {
  return { party, ...(own && { handle: care.handle }) } as Session;
}

describe('the others whom something concerns that is signed', () => {
  it('are named with role and organisation by the quorum: a party, and whoever controls a chart', async () => {
    const { doctor, stranger, handle, patient } = care;
    const others = { to: [stranger.address], charts: [handle] };
    const [second, chart] = await confirmOthers(sessionOf(doctor), others);
    assert.equal(second?.facts?.role, 'doctor');
    assert.equal(second?.gets, true);
    assert.equal(chart?.address, patient.address);
    assert.equal(chart?.facts?.role, 'patient');
    assert.equal(chart?.gets, false);
  });

  it('are without the person who signs and their own chart, and each is there once, as one who gets something', async () => {
    const { doctor, patient, handle } = care;
    const own = sessionOf(patient, true);
    const others = {
      to: [doctor.address, doctor.address],
      about: [doctor.address, patient.address],
      charts: [handle],
    };
    const confirmed = await confirmOthers(own, others);
    assert.deepEqual(
      confirmed.map(({ address, gets }) => ({ address, gets })),
      [{ address: doctor.address, gets: true }],
    );
    assert.equal(othersKey(own, { about: [patient.address], charts: [handle] }), '');
    assert.equal(othersKey(own, 'own-records'), '');
  });

  it('may not get anything if the organisations know nobody of that address', async () => {
    const unknown = signatory('nobody').address;
    const [to] = await confirmOthers(sessionOf(care.patient), { to: [unknown] });
    const [about] = await confirmOthers(sessionOf(care.patient), { about: [unknown] });
    const [chart] = await confirmOthers(sessionOf(care.doctor), { charts: [word('77')] });
    assert.ok(to && about && chart);
    assert.ok(mayNotGet(to));
    assert.equal(about.facts, undefined);
    assert.ok(!mayNotGet(about));
    assert.equal(chart.address, undefined);
  });

  // @attack a sheet stays open while the authority suspends whoever is on it | the quorum is asked once more as the person signs
  it('may not get anything once they are suspended, and a sheet that was open before has changed', async () => {
    const { patient } = care;
    const leaver = await network.party('doctor', { organisation: 'insurer' });
    const others = { to: [leaver.address] };
    const shown = await confirmOthers(sessionOf(patient), others);
    assert.ok(!shown.some(mayNotGet));
    assert.ok(isUnchanged(shown, await confirmOthers(sessionOf(patient), others)));
    const change = { party: leaver.address, suspended: true };
    await suspendParty(patient, network.authorityKeys, change);
    const now = await confirmOthers(sessionOf(patient), others);
    assert.ok(now.some(mayNotGet));
    assert.ok(!isUnchanged(shown, now));
    const ending = await confirmOthers(sessionOf(patient), { about: [leaver.address] });
    assert.ok(!ending.some(mayNotGet));
  });

  it('have changed once they took another key', async () => {
    const { patient } = care;
    const turning = await network.party('doctor');
    const others = { to: [turning.address] };
    const shown = await confirmOthers(sessionOf(patient), others);
    await changeKey(turning, patient.random(32));
    assert.ok(!isUnchanged(shown, await confirmOthers(sessionOf(patient), others)));
  });

  const facts: PartyFacts = {
    party: word('1').slice(0, 42) as PartyFacts['party'],
    role: 'doctor',
    organisation: 'hospital',
    suspended: false,
    standing: 0,
    recipient: word('2'),
  };
  const shown: readonly OtherConfirmed[] = [{ address: facts.party, gets: true, facts }];
  const changes: Readonly<Record<string, readonly OtherConfirmed[]>> = {
    'another role': [{ address: facts.party, gets: true, facts: { ...facts, role: 'nurse' } }],
    'another organisation': [
      { address: facts.party, gets: true, facts: { ...facts, organisation: 'insurer' } },
    ],
    'nobody any more': [{ address: facts.party, gets: true }],
    'somebody else who controls the chart': [{ ...shown[0], address: '0x12', gets: true }],
    'one more': [...shown, ...shown],
    'no one': [],
  };
  for (const [what, now] of Object.entries(changes)) {
    it(`have changed if it is ${what}`, () => {
      assert.ok(isUnchanged(shown, shown));
      assert.ok(!isUnchanged(shown, now));
    });
  }

  it('are nobody whom one node names otherwise: another organisation than k coordinators say', async () => {
    const { doctor, patient } = care;
    const liar = behind(patient, {
      facts: async (query) => {
        const answers = await patient.agent.facts(query);
        return answers.map((answer) => ({
          ...answer,
          facts: {
            ...answer.facts,
            parties: answer.facts.parties?.map((each) => ({ ...each, organisation: 'insurer' })),
          } as typeof answer.facts,
        }));
      },
    });
    const confirming = confirmOthers(sessionOf(liar), { to: [doctor.address] });
    await assert.rejects(confirming, failsWith('KEY_UNAUTHENTIC'));
  });

  it('are asked for in one question, however many parts of a screen ask in a turn, and again in the next', async () => {
    const { doctor, stranger, patient } = care;
    let questions = 0;
    const counting = behind(patient, {
      facts: async (query) => {
        questions += 1;
        return await patient.agent.facts(query);
      },
    });
    const unknown = signatory('nobody').address;
    const asked = [doctor.address, stranger.address, doctor.address, unknown];
    const ask = async () =>
      await Promise.all(asked.map(async (each) => await confirmTogether(counting, each)));
    const found = await ask();
    assert.equal(questions, 1);
    assert.deepEqual(
      found.map((each) => each?.party),
      [doctor.address, stranger.address, doctor.address, undefined],
    );
    await ask();
    assert.equal(questions, 2);
  });
});
