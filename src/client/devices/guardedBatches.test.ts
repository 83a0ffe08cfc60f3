import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { BEGIN, everything, type TestNetwork } from '../../node/test/testNetwork.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { requireDeviceKeys, type DeviceKeys } from '../../protocol/sensors/requireDeviceKeys.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import type { Party } from '../party/Party.ts';
import { ownIdentities } from '../records/ownIdentities.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import { startWithDevice } from '../test/startWithDevice.ts';
import { addReadings } from './addReadings.ts';
import type { DeviceBound } from './bindDevice.ts';
import { gatherDeviceKeys } from './gatherDeviceKeys.ts';
import { pinOfDevice } from './pinOfDevice.ts';
import { sealReadings } from './sealReadings.ts';

const sensor = signatory('sealing sensor');
const START = BEGIN * 1000;
let network: TestNetwork;
let patient: Party;
let gateway: Party;
let bound: DeviceBound;
let keys: DeviceKeys;

before(async () => {
  const device = { address: sensor.address };
  ({ network, patient, gateway, bound } = await startWithDevice({
    device,
    epochs: 12,
    guarded: true,
  }));
  const { grant, digest } = bound;
  const nonce = bytesToHex(patient.random(32));
  const told = await gatherDeviceKeys(gateway, { grant, digest }, nonce);
  const wanted = { device: sensor.address, grant: digest, nonce, now: network.clock.now() / 1000 };
  keys = requireDeviceKeys(patient.primitives, pinOfDevice(patient, grant.handle), wanted, told);
});
after(async () => await network.close());

/** Puts a batch that its device sealed on the chart, as a device with some keys seals it. */
async function add(first: number, by: DeviceKeys): Promise<void> {
  const at = START + first * 1000;
  const { bytes } = await sealReadings(patient, sensor.signingKey, by, {
    about: { boot: 1, first, clock: 'set', start: at, end: at + 1, previous: ZERO32 },
    lines: [`{"at":${at},"code":149530,"value":60.0}`],
    handle: bound.grant.handle,
    device: { address: sensor.address },
  });
  const message = parseReadingsMessage(patient.primitives, bytes);
  await addReadings(gateway, { grant: bound.grant, message });
}

describe('a batch that its device sealed, in a channel with a release key', () => {
  // @actor revoked party with its packet, and a sealed batch from anywhere | to read what a device sealed, unseen
  // @attack a grantee opens batches that devices sealed with its packet and the files, without evidence | they are guarded like any record: it takes what coordinators release for a view
  it('is read with what coordinators release for the view, and does not open with packet and file', async () => {
    await add(0, keys);
    const reader = await network.party('doctor');
    const { grant } = await grantRight(patient, { ...everything(reader), actions: ['read'] });
    const { handle } = bound.grant;
    const chart = await readChart(reader, { handle, grant, purpose: 'TREAT' });
    const [record = assert.fail()] = chart.records;
    const file = await collectBytes(network.services().contributor.file(record.file));
    await assert.rejects(openBytes([chart.openerFor(record)], file), failsWith('SEAL_UNREADABLE'));
    const { content, released } = await readRecord(reader, chart, record);
    assert.ok(content.length > 0 && released !== undefined && released.by.length >= 2);
  });

  it('is opened by its patient without a release, in any age tool too', async () => {
    const chart = await readChart(patient, { handle: bound.grant.handle, purpose: 'PATRQT' });
    const [record = assert.fail()] = chart.records;
    const { content, released } = await readRecord(patient, chart, record);
    assert.equal(released, undefined);
    const file = await collectBytes(network.services().contributor.file(record.file));
    const [own = assert.fail()] = ownIdentities(chart);
    assert.deepEqual(await openBytes([own.identity], file), content);
  });

  it('is refused if the device sealed it to the epoch alone', async () => {
    const channels = keys.file.channels.map(({ release: _release, ...open }) => open);
    const unguarded = { ...keys, file: { ...keys.file, channels } };
    await assert.rejects(add(1, unguarded), failsWith('SEAL_UNGUARDED'));
  });
});
