import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ProgramsTold } from './ProgramsTold.ts';
import { upgradeState, validatorPrograms } from './validatorPrograms.ts';

const program = { version: '0.2.0', sha256: word('old'), platform: 'linux/amd64' };
const newer = { version: '0.3.0', sha256: word('next'), platform: 'linux/arm64' };
const upgrade = { height: 70, programs: { 'linux/amd64': word('next') } };
const other = { height: 60, programs: { 'linux/amd64': word('third') } };

describe('the programs of the validators', () => {
  it('are those of the nodes that the network file names, as far as they are connected', () => {
    const node =
      consortium.founders?.find(({ organisation }) => organisation === 'insurer')?.validator
        ?.node ?? assert.fail();
    const stranger = { node: 'ab'.repeat(20), ...newer };
    const others = [stranger, { node, ...newer }];
    const told = { program, others, silent: [], upgrades: { statements: [] } };
    const programs = validatorPrograms(consortium, 'hospital', told);
    assert.deepEqual(programs, { hospital: program, insurer: newer });
  });
});

/** State of the upgrade at a block. */
function stateAt(
  height: number,
  upgrades: Partial<ProgramsTold['upgrades']>,
): ReturnType<typeof upgradeState> {
  return upgradeState(upgrade, { height }, { upgrades: { statements: [], ...upgrades } });
}

describe('the state of an upgrade', () => {
  it('is pending before its block, with those who stated it', () => {
    const statements = [
      { organisation: 'hospital', key: word('hospital'), plan: upgrade },
      { organisation: 'insurer', key: word('insurer'), plan: other },
    ];
    const pending = { ...upgrade, stands: 'pending', stated: ['hospital'] };
    assert.deepEqual(stateAt(50, { statements }), pending);
    assert.deepEqual(stateAt(50, { statements, inForce: other }), pending);
  });

  it('is in force if the ledger says so', () => {
    assert.deepEqual(stateAt(69, { inForce: upgrade }), { ...upgrade, stands: 'in force' });
  });

  it('is lapsed if its block came and the ledger goes on with another program', () => {
    const lapsed = { plan: upgrade, stated: ['hospital'] };
    const stands = { ...upgrade, stands: 'lapsed' };
    assert.deepEqual(stateAt(70, { lapsed }), { ...stands, stated: ['hospital'] });
    assert.deepEqual(stateAt(70, { inForce: other }), { ...stands, stated: [] });
    assert.deepEqual(stateAt(99, { lapsed: { ...lapsed, plan: other } }), {
      ...stands,
      stated: [],
    });
  });

  it('is absent if no upgrade was ever named', () => {
    assert.equal(
      upgradeState(undefined, { height: 5 }, { upgrades: { statements: [] } }),
      undefined,
    );
  });
});
