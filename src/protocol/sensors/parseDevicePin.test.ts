import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../test/failsWith.ts';
import { network, word } from '../test/sampleNetwork.ts';
import { parseDevicePin } from './parseDevicePin.ts';

const log = network.channels[0]?.logs[0]?.name ?? '';
const PIN = { format: 'medseal-pin/1', handle: word('chart'), log, network };

describe('a pin of a device', () => {
  it('is read as it was written', () => {
    const { handle, log: read } = parseDevicePin(JSON.stringify(PIN));
    assert.deepEqual([handle, read], [PIN.handle, log]);
  });

  it('is refused if it is of another form, or names a log that its network does not have', () => {
    for (const change of [
      { format: 'medseal-pin/2' },
      { handle: '0x00' },
      { log: 'care/nobody' },
      { log: 7 },
      { further: 1 },
    ]) {
      const text = JSON.stringify({ ...PIN, ...change });
      assert.throws(() => parseDevicePin(text), failsWith('ARGUMENT_INVALID'), text.slice(0, 80));
    }
    assert.throws(() => parseDevicePin('no JSON'), failsWith('ARGUMENT_INVALID'));
    const without = JSON.stringify({ ...PIN, network: { format: 'medseal-network/1' } });
    assert.throws(() => parseDevicePin(without), failsWith('NETWORK_FILE_INVALID'));
  });
});
