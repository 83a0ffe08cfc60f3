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
    for (const http of [
      { port: 8499 },
      { port: 8499, host: '127.0.0.2' },
      { port: 8499, host: '::1' },
      { port: 8499, host: '0.0.0.0', cert: 'door.pem', key: 'door.key', ca: 'devices.pem' },
    ]) {
      assert.deepEqual(parseGatewayConfiguration({ spool, http }, 'f'), { spool, http });
    }
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
    ['opens plain HTTP to others', { spool, http: { port: 1, host: '0.0.0.0' } }, 'http.host'],
    ['opens plain HTTP to a name', { spool, http: { port: 1, host: 'ward.example' } }, 'http.host'],
    [
      'opens plain HTTP to what looks like this machine',
      { spool, http: { port: 1, host: '127.0.0.1.example' } },
      'http.host',
    ],
    ['has a certificate without its key', { spool, http: { port: 1, cert: 'a' } }, 'http.cert'],
    ['has a key without its certificate', { spool, http: { port: 1, key: 'a' } }, 'http.key'],
    ['asks for certificates without TLS', { spool, http: { port: 1, ca: 'a' } }, 'http.ca'],
    [
      'has half of what the broker asks for',
      { spool, mqtt: { url: 'mqtts://broker.example', key: 'a' } },
      'mqtt.key',
    ],
    [
      'names an old version',
      { spool, mqtt: { url: 'mqtt://127.0.0.1', version: 3 } },
      'mqtt.version',
    ],
  ] as const) {
    // @actor an operator in a hurry | to open a gateway's door without TLS
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
