import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DemoNetwork } from './DemoNetwork.ts';
import { organisationFor } from './DemoNetwork.ts';

function of(...names: readonly string[]): Pick<DemoNetwork, 'agents'> {
  return { agents: new Map(names.map((name) => [name, undefined as never])) };
}

describe('the organisation of an invented person', () => {
  it('is the named one, and a pharmacist’s the pharmacy if there is one', () => {
    const pharmacist = { organisation: 'hospital', rather: 'pharmacy' };
    const usual = ['hospital', 'laboratory', 'insurer'];
    assert.equal(organisationFor(of(...usual), pharmacist), 'hospital');
    assert.equal(organisationFor(of(...usual, 'pharmacy'), pharmacist), 'pharmacy');
  });

  it('is another one of a network with other names, and different ones if it has three', () => {
    const network = of('north', 'south', 'east');
    const found = ['hospital', 'laboratory', 'insurer'].map((organisation) =>
      organisationFor(network, { organisation }),
    );
    assert.deepEqual(found, ['north', 'south', 'east']);
    assert.equal(organisationFor(of('north'), { organisation: 'insurer' }), 'north');
  });
});
