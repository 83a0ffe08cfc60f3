import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Body } from '../../../../src/protocol/evidence/evidence.ts';
import { primitives } from '../../../../src/protocol/test/sampleNetwork.ts';
import { signatory } from '../../../../src/protocol/test/sampleNetwork.ts';
import {
  sampleHeader,
  sensor,
  signedReadings,
} from '../../../../src/protocol/test/sampleReadings.ts';
import { nameOfDevice } from './nameOfDevice.ts';

const other = signatory('another sensor');
const NAMES = { [sensor.address]: 'Cuff', [other.address]: 'Copy' };

function batch(flag: 'A' | 'R', by = sensor): { readonly body: Body } {
  return { body: { flag, readings: signedReadings(sampleHeader(), by) } as Body };
}

describe('the name of a device in the evidence', () => {
  it('is that of the device whose batch was accepted, whoever signed one that was refused', () => {
    const events = [batch('R', other), batch('A')];
    assert.equal(nameOfDevice({ primitives }, events, NAMES), 'Cuff');
    assert.equal(nameOfDevice({ primitives }, [batch('R', other)], NAMES), undefined);
  });

  it('is missing if the patient gave none', () => {
    assert.equal(nameOfDevice({ primitives }, [batch('A')], {}), undefined);
    const names = { [other.address]: 'Copy' };
    assert.equal(nameOfDevice({ primitives }, [batch('A')], names), undefined);
  });
});
