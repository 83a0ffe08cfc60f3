import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32, type Address } from '../../protocol/ids.ts';
import { longestRightOf } from '../../protocol/network/longestRightOf.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { requestAccess } from '../letters/accessRequests.ts';
import { addRule } from '../rules/changeRules.ts';
import { grantRight, type RightGiven } from './grantRight.ts';
import { readPatientState } from '../state/PatientState.ts';

let network: TestNetwork;
let care: Care;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

describe('a right', () => {
  const longest = longestRightOf({});
  const unsound: [string, (now: number) => Partial<RightGiven>][] = [
    ['ends in milliseconds', (now) => ({ until: (now + 3600) * 1000 })],
    ['begins and ends in milliseconds', (now) => ({ from: now * 1000, until: now * 1000 + 9 })],
    ['is longer than the network allows', (now) => ({ from: now, until: now + longest + 1 })],
    ['has ended', (now) => ({ from: now - 60, until: now - 1 })],
    ['ends before it begins', (now) => ({ from: now + 60, until: now + 30 })],
    ['covers no category', () => ({ categories: [] })],
    ['gives no action', () => ({ actions: [] })],
  ];
  for (const [name, change] of unsound) {
    // @attack a right until the year 58859, past, or to nothing, is given | client and every node refuse it before the ledger is asked
    it(`that ${name} is signed by no client, and carried and kept by no node`, async () => {
      const { patient, doctor, handle } = care;
      const now = seconds(network.clock);
      const right: RightGiven = { ...everything(doctor), ...change(now) };
      const sent: unknown[] = [];
      const watched = behind(patient, {
        submit: async (submissions) => {
          sent.push(submissions);
          return await patient.agent.submit(submissions);
        },
      });
      const before = await readPatientState(patient);
      await assert.rejects(grantRight(watched, right), failsWith('RIGHT_INVALID'));
      // Whoever asks names no beginning: a right that would end before it is fine to ask for.
      if (name !== 'ends before it begins') {
        const { grantee: _, from: __, ...asked } = { ...right, handle };
        await assert.rejects(requestAccess(doctor, asked), failsWith('RIGHT_INVALID'));
      }
      assert.deepEqual(sent, [], 'nothing was signed');
      assert.deepEqual(await readPatientState(patient), before);

      const { from = now, grantee, categories, actions, purpose, until } = right;
      const grant: Grant = {
        handle,
        terms: {
          grantee,
          categories,
          record: ZERO32,
          read: actions.includes('read'),
          add: actions.includes('add'),
          amend: actions.includes('amend'),
          purpose,
          from,
          until,
          salt: `0x${'5a'.repeat(16)}`,
        },
        deadline: now + 300,
      };
      const submission = { request: sign(patient, patient, 'Grant', grant) };
      const [outcome] = await network.agent().submit([submission]);
      assert.partialDeepStrictEqual(outcome, {
        outcome: 'refused',
        problem: { code: 'RIGHT_INVALID' },
      });
      for (const organisation of ['laboratory', 'insurer']) {
        const { contributor } = network.services(organisation);
        const [refused] = await contributor.keepRules([submission]);
        assert.equal(refused?.problem.code, 'RIGHT_INVALID');
      }
      const digest = digestOf(patient, 'Grant', grant);
      const { index } = network.services();
      assert.equal(index.grant(digest), undefined);
    });
  }

  // @attack a patient gives a right to themselves, which opens nothing and looks in lists and audits like another reader | refused by the client for grants, devices, rules and requests: the patient needs none
  it('that a patient gives to themselves is signed by no client, asked for by none, and follows from no rule', async () => {
    const { patient, handle } = care;
    const own = patient.address;
    for (const grantee of [own, own.toUpperCase().replace('X', 'x') as Address]) {
      for (const actions of [['read'], ['add'], ['read', 'add', 'amend']] as const) {
        const right = { ...everything(patient), grantee, actions };
        await assert.rejects(grantRight(patient, right), failsWith('RIGHT_INVALID'));
      }
    }
    const { grantee, ...asked } = everything(patient);
    await assert.rejects(requestAccess(patient, { ...asked, handle }), failsWith('RIGHT_INVALID'));
    const { categories, actions, purpose } = asked;
    const terms = { categories, actions, purpose, renew: 3600, parties: [grantee] };
    const rule = { name: 'me', kind: 'permit', ...terms } as const;
    await assert.rejects(addRule(patient, rule), failsWith('ARGUMENT_INVALID'));
    const { grants } = await readPatientState(patient);
    assert.ok(grants.every(({ grant }) => grant.terms.grantee !== own));
  });
});
