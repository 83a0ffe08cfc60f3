import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constantFrom, assert as forAll, jsonValue, property, record } from 'fast-check';
import { CLAIM_STATES } from '../protocol/care/claims.ts';
import { PRESCRIPTION_STANDINGS } from '../protocol/care/prescriptionStanding.ts';
import { effectiveResource, leftIn, standingIn, writtenResource } from './effectiveResource.ts';

const statusOf = (resource: object): unknown => (resource as { status?: unknown }).status;
const STATE = 'urn:medseal:state';
const LEFT = { left: 10, whole: 21, unit: 'capsules' } as const;

describe('an effective resource', () => {
  it('says of a claim what became of it, for each state that the ledger knows', () => {
    const over = new Set(['withdrawn', 'reversed', 'lapsed']);
    for (const state of CLAIM_STATES) {
      const shown = effectiveResource({ resourceType: 'Claim', status: 'active' }, state);
      assert.deepEqual(
        [statusOf(shown), standingIn(shown)],
        [over.has(state) ? 'cancelled' : 'active', state],
      );
    }
    for (const state of ['unissued', 'altered', 'unconfirmed'] as const) {
      const shown = effectiveResource({ resourceType: 'Claim', status: 'active' }, state);
      assert.deepEqual([statusOf(shown), standingIn(shown)], ['draft', state]);
    }
  });

  it('of a policy whose time is over is not in force', () => {
    const shown = effectiveResource({ resourceType: 'Coverage', status: 'active' }, 'expired');
    assert.deepEqual([statusOf(shown), standingIn(shown)], ['cancelled', 'expired']);
  });

  it('stays as its author ended it, whatever the ledger says', () => {
    for (const standing of [...PRESCRIPTION_STANDINGS, 'altered', 'unconfirmed'] as const) {
      const wrong = { resourceType: 'MedicationRequest', status: 'entered-in-error' };
      assert.deepEqual(effectiveResource(wrong, standing), wrong);
    }
    for (const standing of ['altered', 'unconfirmed'] as const) {
      const stopped = { resourceType: 'MedicationRequest', status: 'stopped' };
      assert.equal(statusOf(effectiveResource(stopped, standing)), 'stopped');
    }
  });

  // @actor an author who may add or amend | writes the ledger's word on a state into a record
  it('keeps nothing that an author wrote in the name of the ledger', () => {
    const forged = [
      { url: STATE, valueCode: 'active' },
      { url: STATE },
      { url: 'urn:medseal:written', valueCode: 'active' },
      {
        url: 'urn:medseal:left',
        valueRatio: { numerator: { value: 9 }, denominator: { value: 9 } },
      },
    ];
    const other = { url: 'http://x', valueCode: 'y' };
    for (const resourceType of ['MedicationRequest', 'Claim', 'Condition']) {
      const written = {
        resourceType,
        status: 'active',
        _status: { extension: [...forged, other] },
      };
      assert.deepEqual(effectiveResource(written, undefined), {
        resourceType,
        status: 'active',
        _status: { extension: [other] },
      });
    }
    const written = { resourceType: 'Claim', status: 'active', _status: { extension: forged } };
    const shown = effectiveResource(written, 'denied');
    assert.deepEqual([standingIn(shown), leftIn(shown)], ['denied', undefined]);
  });

  it('leads back to what its author wrote, and keeps a status that was changed since', () => {
    const standings = [...PRESCRIPTION_STANDINGS, 'altered', 'unconfirmed'] as const;
    const status = constantFrom('active', 'on-hold', 'stopped', 'draft', 'entered-in-error');
    const written = record(
      {
        resourceType: constantFrom('MedicationRequest', 'Claim', 'Coverage', 'Basic'),
        status,
        note: jsonValue(),
      },
      { noNullPrototype: true },
    );
    forAll(
      property(written, constantFrom(...standings, ...CLAIM_STATES), (resource, standing) => {
        const shown = effectiveResource(resource, standing, [], LEFT);
        assert.deepEqual(writtenResource(shown), resource);
        const marked = { ...shown, status: 'entered-in-error' };
        assert.deepEqual(writtenResource(marked), { ...resource, status: 'entered-in-error' });
      }),
    );
  });

  it('says what is left of a prescription', () => {
    const order = { resourceType: 'MedicationRequest', status: 'active' };
    assert.deepEqual(leftIn(effectiveResource(order, 'active', [], LEFT)), LEFT);
    assert.equal(leftIn(effectiveResource(order, 'active')), undefined);
  });

  it('comes of anything', () => {
    forAll(
      property(jsonValue(), constantFrom(undefined, 'held' as const), (value, standing) => {
        effectiveResource(value, standing);
        leftIn({ _status: { extension: [{ url: 'urn:medseal:left', valueRatio: value }] } });
        effectiveResource({ resourceType: 'Claim', _status: value, status: value }, standing);
        writtenResource({ resourceType: 'Claim', _status: { extension: value } });
      }),
    );
  });
});
