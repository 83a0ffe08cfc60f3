import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { failsWith } from '../test/failsWith.ts';
import { formatDeviceCode, parseDeviceCode } from './deviceCode.ts';
import { shortCodeOf } from './shortCodeOf.ts';

const address = '0x2222222222222222222222222222222222222222';

describe('the code of a device', () => {
  it('is read back as it was written, with and without model and serial number', () => {
    for (const named of [
      { address },
      { address, model: 'Pulse: 2 % more' },
      { address, serial: 'S/N 17' },
      { address, model: 'Wrist', serial: '17' },
    ] as const) {
      assert.deepEqual(parseDeviceCode(` ${formatDeviceCode(named)}\n`), named);
    }
    assert.equal(
      formatDeviceCode({ address, model: 'Wrist 2' }),
      `medseal-device:1:${address}:Wrist%202`,
    );
  });

  it('may be the address alone', () => {
    const typed = '0xAbcdefabcdefabcdefabcdefabcdefabcdefabcd';
    assert.deepEqual(parseDeviceCode(typed), { address: typed.toLowerCase() });
  });

  it('is refused if it is of another form', () => {
    for (const text of [
      '',
      'medseal-device:2:0x00',
      `medseal-device:1:${address}:%`,
      `medseal-device:1:${address}:a:b:c`,
      `medseal-device:1:${address}:${'a'.repeat(65)}`,
      `medseal-device:1:${address}:%0a`,
      address.slice(1),
    ]) {
      assert.throws(() => parseDeviceCode(text), failsWith('ARGUMENT_INVALID'), text);
    }
  });

  it('is short for people to compare, and any language computes it', () => {
    assert.equal(shortCodeOf(portablePrimitives, address), 'CJUA-UYUA-ZUTS');
  });
});
