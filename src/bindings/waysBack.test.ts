import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Abi } from 'viem';
import { claimsAbi } from './generated/claimsAbi.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import { validatorsAbi } from './generated/validatorsAbi.ts';
import { vitalRecordsAbi } from './generated/vitalRecordsAbi.ts';

const CONTRACTS: readonly Abi[] = [
  claimsAbi,
  consentAbi,
  evidenceAbi,
  prescriptionsAbi,
  registryAbi,
  settlementAbi,
  validatorsAbi,
  vitalRecordsAbi,
];

/**
 * Each event that names a person, with the functions of its contract that take back what it says. The contract's own tests
 * prove that they do: of births and deaths `VitalInvariants.t.sol`, in every state that requests lead to.
 */
const WAYS_BACK: Readonly<Record<string, readonly string[]>> = {
  Enrolled: ['suspend'],
  Granted: ['revoke'],
  Revoked: ['grant'],
  EpochsCommitted: ['commitEpochs'],
  VitalReported: ['object', 'undo'],
  VitalConfirmed: ['object', 'undo'],
  VitalUndone: ['reportBirths', 'reportDeaths'],
  WillSet: ['setWill'],
};
/** Events that name a chart and say nothing of its person: numbers that only grow. */
const COUNTERS = ['EpochAdvanced'];

function names(abi: Abi, type: 'event' | 'function', field?: string): readonly string[] {
  return abi.flatMap((item) => {
    if (item.type !== type || !('inputs' in item) || !('name' in item)) return [];
    const isNamed = field === undefined || item.inputs.some(({ name }) => name === field);
    return isNamed ? [item.name] : [];
  });
}

describe('what the contracts say of a person', () => {
  // @class a contract | says something of a person that nothing takes back
  it('has a function that takes it back, whatever it is', () => {
    const said = CONTRACTS.flatMap((abi) => names(abi, 'event', 'handle'));
    assert.deepEqual([...said].sort(), [...Object.keys(WAYS_BACK), ...COUNTERS].sort());
    for (const [event, ways] of Object.entries(WAYS_BACK)) {
      const abi = CONTRACTS.find((each) => names(each, 'event').includes(event)) ?? [];
      const functions = names(abi, 'function');
      assert.ok(ways.length > 0, event);
      for (const way of ways) assert.ok(functions.includes(way), `${event}: ${way}`);
    }
  });
});
