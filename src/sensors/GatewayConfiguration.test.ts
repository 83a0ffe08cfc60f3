import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import { parseGatewayConfiguration } from './GatewayConfiguration.ts';

const spool = 'spool';

describe('the configuration of a gateway', () => {
  it('names a spool and at least one door', () => {
    const broker = { port: 1883 };
    assert.deepEqual(parseGatewayConfiguration({ spool, broker }, 'f'), { spool, broker });
    const mqtt = {
      url: 'mqtts://broker.example:8883',
      username: 'gateway',
      password: 'secret.txt',
    };
    assert.deepEqual(parseGatewayConfiguration({ spool, mqtt }, 'f'), { spool, mqtt });
    const http = { port: 8499 };
    assert.deepEqual(parseGatewayConfiguration({ spool, http }, 'f'), { spool, http });
  });

  for (const [what, value, key] of [
    ['is not an object', undefined, 'file'],
    ['names no door', { spool }, 'mqtt'],
    ['names no spool', { http: { port: 1 } }, 'file'],
    ['has a setting that there is not', { spool, http: { port: 1, tls: true } }, 'http'],
    ['has no port', { spool, http: { port: 70_000 } }, 'http.port'],
    [
      'sends a password in the clear',
      { spool, mqtt: { url: 'mqtt://broker.example' } },
      'mqtt.url',
    ],
    ['names another protocol', { spool, mqtt: { url: 'http://127.0.0.1' } }, 'mqtt.url'],
    [
      'names an old version',
      { spool, mqtt: { url: 'mqtt://127.0.0.1', version: 3 } },
      'mqtt.version',
    ],
  ] as const) {
    it(`is refused with the setting's name if it ${what}`, () => {
      assert.throws(
        () => parseGatewayConfiguration(value, 'f'),
        (error) => {
          assert.ok(failsWith('CONFIGURATION_INVALID')(error));
          assert.match((error as Error).message, new RegExp(`setting ${key}`));
          return true;
        },
      );
    });
  }
});
