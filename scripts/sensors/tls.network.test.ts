import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../../src/database/test/MemoryDatabase.ts';
import { readDoors } from '../../src/cli/gateway/readDoors.ts';
import { bindDevice } from '../../src/client/devices/bindDevice.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import type { Party } from '../../src/client/party/Party.ts';
import type { MedsealError } from '../../src/errors/MedsealError.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import { failsWith } from '../../src/protocol/test/failsWith.ts';
import { parseGatewayConfiguration } from '../../src/sensors/GatewayConfiguration.ts';
import { simulateSensors } from '../../src/sensors/simulate/simulateSensors.ts';
import { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';
import { startSensorGateway, type GatewayDoors } from '../../src/sensors/startSensorGateway.ts';
import { freePorts } from '../freePorts.ts';
import { Authority, type Certified } from './Authority.ts';
import { MOSQUITTO, startMosquitto } from './startMosquitto.ts';

/** Gateway and devices at mosquitto and at the door of HTTP, with TLS and certificates of an authority of their own. */

const skip = MOSQUITTO === undefined ? 'mosquitto is not installed' : false;

describe('TLS between devices, broker and gateway', { skip }, () => {
  let folder: string;
  let broker: ChildProcessWithoutNullStreams;
  let url: string;
  let network: TestNetwork;
  let patient: Party;
  let carrier: Party;
  let own: Authority;
  let foreign: Authority;
  let sensor: SimulatedSensor;
  const certificates = new Map<string, Certified>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-tls-'));
    network = await startTestNetwork();
    patient = await network.party('patient');
    carrier = await network.party('nurse');
    await commitEpochs(patient, 4);
    const choice = { kind: 'wearable', seed: 'tls', number: 0, boot: 0 } as const;
    sensor = new SimulatedSensor(carrier.primitives, choice);
    own = await Authority.make(folder, 'own');
    foreign = await Authority.make(folder, 'foreign');
    for (const name of ['broker', 'gateway', sensor.address]) {
      certificates.set(name, await own.sign(name));
    }
    certificates.set('expired', await own.sign('expired', -1));
    certificates.set('foreign', await foreign.sign('gateway'));
    const [port = 0] = await freePorts(1);
    url = `mqtts://127.0.0.1:${port}`;
    const page = await readFile(join(import.meta.dirname, '../../docs/use/sensors.md'), 'utf8');
    const list = /^user gateway\n[^`]+/m.exec(page)?.[0] ?? assert.fail('the page has no list');
    await writeFile(join(folder, 'acl'), list, { mode: 0o600 });
    broker = await startMosquitto({ folder, port, lines: linesOf(certificate('broker')) });
  });
  after(async () => {
    broker.kill('SIGKILL');
    await network.close();
    await rm(folder, { recursive: true, force: true });
  });

  function certificate(name: string): Certified {
    return certificates.get(name) ?? assert.fail(name);
  }

  function linesOf({ files }: Certified): string[] {
    return [
      `cafile ${own.file}`,
      `certfile ${files.cert}`,
      `keyfile ${files.key}`,
      'require_certificate true',
      // The common name of a certificate is the name that the access list knows.
      'use_identity_as_username true',
      `acl_file ${folder}/acl`,
    ];
  }

  /** Doors as a configuration file names them. */
  async function doorsOf(settings: object): Promise<GatewayDoors> {
    const configuration = parseGatewayConfiguration({ spool: 's', ...settings }, 'gateway.json');
    const given = { configuration, folder, source: 'gateway.json', clientId: 'gateway' };
    return await readDoors(given);
  }

  function mqttOf(name: string, ca = own): object {
    return { mqtt: { url, ca: ca.file, ...certificate(name).files } };
  }

  const lost: MedsealError[] = [];
  let heard = Promise.withResolvers<undefined>();
  async function start(doors: GatewayDoors) {
    return await startSensorGateway(carrier, new MemoryDatabase(), doors, {
      ended: () => heard.resolve(undefined),
      bound: () => undefined,
      delayed(error) {
        lost.push(error);
        heard.resolve(undefined);
        heard = Promise.withResolvers();
      },
    });
  }

  it('brings a device’s readings through a broker that asks both for their certificates', async () => {
    const gateway = await start(await doorsOf(mqttOf('gateway')));
    const { address, model, serial } = sensor;
    const { digest: grant } = await bindDevice(patient, {
      device: { address, model, serial },
      gateway: carrier.address,
      categories: ['vitals'],
      until: BEGIN + 3600,
    });
    const { cert, key } = certificate(address);
    const hurry = setInterval(() => network.clock.advance(1000), 50);
    const run = { door: url, seconds: 20, ca: await own.pem(), cert, key };
    const { batches, stored, refused } = await simulateSensors(
      network.clock,
      [{ sensor, grant }],
      run,
    );
    clearInterval(hurry);
    assert.deepEqual([batches, stored, refused], [2, 2, 0]);
    await gateway.stop();
  });

  for (const [what, name, ca, code] of [
    ['whose own certificate has expired', 'expired', 'own', 'PEER_REFUSES'],
    ['with a certificate of another authority', 'foreign', 'own', 'PEER_REFUSES'],
    ['that takes another authority for the broker’s', 'gateway', 'foreign', 'PEER_UNTRUSTED'],
  ] as const) {
    // @actor somebody on the way to a gateway | to read, or to pass for an end
    it(`connects no gateway ${what}, and says ${code}`, async () => {
      const doors = await doorsOf(mqttOf(name, ca === 'own' ? own : foreign));
      await assert.rejects(start(doors), failsWith(code));
    });

    it(`connects no device ${what}, and says ${code}`, async () => {
      const authority = await (ca === 'own' ? own : foreign).pem();
      const { cert, key } = certificate(name);
      const run = { door: url, seconds: 1, ca: authority, cert, key };
      await assert.rejects(simulateSensors(network.clock, [{ sensor }], run), failsWith(code));
    });
  }

  it('connects nobody without a certificate', async () => {
    const doors = await doorsOf({ mqtt: { url, ca: own.file } });
    await assert.rejects(start(doors), failsWith('PEER_REFUSES'));
  });

  it('tells the operator once that the broker came back with a certificate that is not trusted', async () => {
    const gateway = await start(await doorsOf(mqttOf('gateway')));
    lost.length = 0;
    const closed = new Promise((resolve) => broker.once('close', resolve));
    broker.kill('SIGKILL');
    await closed;
    const port = Number(new URL(url).port);
    const lines = linesOf(await foreign.sign('broker'));
    broker = await startMosquitto({ folder, port, lines });
    while (!lost.some(({ code }) => code === 'PEER_UNTRUSTED')) await heard.promise;
    assert.deepEqual(
      lost.map(({ code }) => code),
      ['PEER_UNREACHABLE', 'PEER_UNTRUSTED'],
    );
    await gateway.stop();
  });

  it('is refused with the setting’s name if a file has no certificate, or another key’s', async () => {
    const { files } = certificate('gateway');
    await writeFile(join(folder, 'nothing.pem'), 'nothing');
    for (const [settings, setting] of [
      [{ mqtt: { url, ca: 'nothing.pem' } }, 'mqtt.ca'],
      [{ mqtt: { url, cert: 'nothing.pem', key: files.key } }, 'mqtt.cert'],
      [{ mqtt: { url, cert: files.cert, key: certificate('broker').files.key } }, 'mqtt.key'],
      [{ http: { port: 0, cert: files.cert, key: 'nothing.pem' } }, 'http.key'],
    ] as const) {
      await assert.rejects(doorsOf(settings), (error: Error) => {
        assert.ok(failsWith('CONFIGURATION_INVALID')(error));
        assert.match(error.message, new RegExp(`setting ${setting} `));
        return true;
      });
    }
  });

  for (const [whom, asks] of [
    ['everybody', false],
    ['devices of an authority alone', true],
  ] as const) {
    // @actor a foreign device | to pass a door that asks for certificates
    it(`serves HTTP by TLS on any address, to ${whom}`, async (t) => {
      const { files } = certificate('broker');
      const http = { port: 0, host: '0.0.0.0', ...files, ...(asks && { ca: own.file }) };
      const gateway = await start(await doorsOf({ http }));
      t.after(async () => await gateway.stop());
      const [door = ''] = gateway.doors;
      assert.match(door, /^https:\/\/0\.0\.0\.0:/);
      const port = Number(new URL(door).port);
      const ca = await own.pem();
      const { cert, key } = certificate(sensor.address);
      const { cert: otherCert, key: otherKey } = certificate('foreign');
      assert.equal(await statusOf({ port, ca, cert, key }), 400);
      const [foreigner, nobody, plain] = await Promise.allSettled([
        statusOf({ port, ca, cert: otherCert, key: otherKey }),
        statusOf({ port, ca }),
        fetch(`http://127.0.0.1:${port}/v1/hello`, { method: 'POST', body: '{}' }),
      ]);
      assert.equal(foreigner.status, asks ? 'rejected' : 'fulfilled');
      assert.equal(nobody.status, asks ? 'rejected' : 'fulfilled');
      assert.equal(plain.status, 'rejected');
      await assert.rejects(statusOf({ port, ca: await foreign.pem(), cert, key }));
    });
  }
});

/** Status of the answer to an announcement that is not one. */
async function statusOf(options: {
  readonly port: number;
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}): Promise<number> {
  const { port, ...tls } = options;
  const agent = new Agent({ ...tls, keepAlive: false });
  return await new Promise<number>((resolve, reject) => {
    const at = { host: '127.0.0.1', port, path: '/v1/hello', method: 'POST', agent };
    request(at, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .once('error', reject)
      .end('{}');
  });
}
