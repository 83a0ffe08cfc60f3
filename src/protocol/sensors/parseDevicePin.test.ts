import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../test/failsWith.ts';
import { network, word } from '../test/sampleNetwork.ts';
import { parseDevicePin } from './parseDevicePin.ts';

const log = network.channels[0]?.logs[0]?.name ?? '';
const PIN = { format: 'medseal-pin/2', handle: word('chart'), log, network: word('network file') };

describe('a pin of a device', () => {
  it('is read as it was written', () => {
    assert.deepEqual(parseDevicePin(JSON.stringify(PIN)), PIN);
  });

  it('is refused if it is of another form, as of a version in which it had the whole network file', () => {
    for (const change of [
      { format: 'medseal-pin/1' },
      { format: 'medseal-pin/1', network },
      { handle: '0x00' },
      { network: '0x00' },
      { network },
      { log: 7 },
      { further: 1 },
    ]) {
      const text = JSON.stringify({ ...PIN, ...change });
      assert.throws(() => parseDevicePin(text), failsWith('ARGUMENT_INVALID'), text.slice(0, 80));
    }
    assert.throws(() => parseDevicePin('no JSON'), failsWith('ARGUMENT_INVALID'));
  });
});
