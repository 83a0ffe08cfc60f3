import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { uploaded } from '../../node/test/requests.ts';
import { BEGIN, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Signed, Write } from '../../protocol/struct/requests.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import { requireDeviceKeys, type DeviceKeys } from '../../protocol/sensors/requireDeviceKeys.ts';
import type { KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { signedReadings } from '../../protocol/test/sampleReadings.ts';
import { evidenceOfRefusal } from '../agent/submit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { startWithDevice } from '../test/startWithDevice.ts';
import { addReadings } from './addReadings.ts';
import { bindDevice, type DeviceBound } from './bindDevice.ts';
import { gatherDeviceKeys } from './gatherDeviceKeys.ts';
import { pinOfDevice } from './pinOfDevice.ts';
import { prepareReadings, type NewReadings } from './prepareReadings.ts';
import { readReadings } from './readReadings.ts';
import { sealReadings } from './sealReadings.ts';
import { streamReadings } from './streamReadings.ts';
import { submitReadings } from './submitReadings.ts';

const sensor = signatory('sealing sensor');
const START = BEGIN * 1000;
let network: TestNetwork;
let patient: Party;
let gateway: Party;
let bound: DeviceBound;

before(async () => {
  ({ network, patient, gateway, bound } = await startWithDevice({
    device: { address: sensor.address },
    categories: ['vitals', 'laboratory'],
    epochs: 12,
  }));
});
after(async () => await network.close());

/** Asks by the gateway for the keys that a device seals to. */
async function keysOf({ grant, digest } = bound): Promise<DeviceKeys> {
  const nonce = bytesToHex(patient.random(32));
  const told = await gatherDeviceKeys(gateway, { grant, digest }, nonce);
  const now = network.clock.now() / 1000;
  const wanted = { device: sensor.address, grant: digest, nonce, now };
  return requireDeviceKeys(patient.primitives, pinOfDevice(patient, grant.handle), wanted, told);
}

/** A batch that the device seals, two readings from a number on. */
async function batch(first: number, keys: DeviceKeys): Promise<NewReadings> {
  const at = START + first * 1000;
  const lines = [0, 1].map((n) => `{"at":${at + n},"code":149530,"value":${60 + first}.0}`);
  const { bytes } = await sealReadings(patient, sensor.signingKey, keys, {
    about: { boot: 1, first, clock: 'set', start: at, end: at + 1, previous: ZERO32 },
    lines,
    handle: bound.grant.handle,
    device: { address: sensor.address },
  });
  return { grant: bound.grant, message: parseReadingsMessage(patient.primitives, bytes) };
}

/** Requires that nodes refuse a batch, whose request the gateway changes where said, and that this is an entry. */
async function refused(
  given: NewReadings,
  code: ErrorCode,
  what?: string,
  change: Partial<Write> = {},
): Promise<void> {
  const [prepared = assert.fail()] = await prepareReadings(gateway, [given]);
  const { submission } = prepared;
  const message = { ...(submission.request as Signed<'Write'>).message, ...change };
  const request = sign(gateway, gateway, 'Write', message);
  const [error] = await submitReadings(gateway, [
    { ...prepared, submission: { ...submission, request } },
  ]);
  assert.ok(error instanceof MedsealError, 'it was taken');
  assert.equal(error.code, code);
  if (what !== undefined) assert.ok(failsWith(code, { what })(error));
  const entry = evidenceOfRefusal(error);
  assert.ok(entry, `${code} is an entry`);
  assert.equal(parseBody(entry.body).code, code);
}

/** Has some other file in the vault, so that only its place is wrong. */
async function otherFile(): Promise<{ readonly file: Bytes32; readonly size: number }> {
  return await uploaded(gateway, utf8ToBytes('a file of the gateway'));
}

/** Begins the patient's next epoch by ending a right. */
async function turnKeys(): Promise<void> {
  const { digest } = await grantRight(patient, {
    grantee: gateway.address,
    categories: ['medications'],
    actions: ['read'],
    purpose: 'TREAT',
    until: BEGIN + 1800,
  });
  await revokeRight(patient, digest);
}

/** Takes as a device the answer of the gateway for a right, changed by a lie. */
async function told(
  lie: (told: KeysTold) => KeysTold | Promise<KeysTold>,
  {
    right = bound,
    now = network.clock.now() / 1000,
    pin = pinOfDevice(patient, bound.grant.handle),
  } = {},
): Promise<DeviceKeys> {
  const nonce = bytesToHex(patient.random(32));
  const keys = await lie(await gatherDeviceKeys(gateway, right, nonce));
  const wanted = { device: sensor.address, grant: right.digest, nonce, now };
  return requireDeviceKeys(patient.primitives, pin, wanted, keys);
}

async function lies(
  code: ErrorCode,
  what: string | undefined,
  ...given: Parameters<typeof told>
): Promise<void> {
  await assert.rejects(told(...given), failsWith(code, what === undefined ? {} : { what }));
}

describe('a batch that a device sealed', () => {
  it('is on the chart as the very file of the device, and its patient reads the lines that were signed', async () => {
    const given = await batch(0, await keysOf());
    const { acknowledgement } = await addReadings(gateway, given);
    const { readings, request } = parseBody(acknowledgement.body);
    assert.deepEqual(readings?.header, given.message.header);
    assert.equal((request.message as Write).file, given.message.header.file);
    const { handle } = bound.grant;
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const [device] = await readReadings(patient, chart, { from: START, until: START + 1000 });
    const [read] = device?.batches ?? [];
    assert.ok(read !== undefined && !('error' in read), JSON.stringify(read));
    assert.equal(read.altered, false);
    assert.deepEqual(
      read.readings.map(({ line }) => line),
      [
        `{"at":${START},"code":149530,"value":60.0}`,
        `{"at":${START + 1},"code":149530,"value":60.0}`,
      ],
    );
    const { content } = await readRecord(patient, chart, read.record);
    assert.match(new TextDecoder().decode(content), /"code":"sealed-by-device"/);
  });

  it('is on the chart once, however often it comes', async () => {
    const given = await batch(10, await keysOf());
    const { acknowledgement } = await addReadings(gateway, given);
    const again = await addReadings(gateway, given);
    assert.deepEqual([again.already, again.acknowledgement.index], [true, acknowledgement.index]);
  });

  // @actor a gateway | to put a file of its own under what a device signed
  it('is refused with another file than the one that the device signed', async () => {
    const given = await batch(20, await keysOf());
    await refused(given, 'READINGS_INVALID', 'file', await otherFile());
    const other = { ...given.message, sealed: utf8ToBytes('a file of the gateway') };
    const sent = addReadings(gateway, { ...given, message: other });
    await assert.rejects(sent, failsWith('READINGS_INVALID', { what: 'file' }));
    const { sealed: _sealed, ...without } = given.message;
    await assert.rejects(
      addReadings(gateway, { ...given, message: without }),
      failsWith('READINGS_INVALID', { what: 'file' }),
    );
  });

  it('is refused in another category than the one whose key it is sealed to', async () => {
    const given = await batch(30, await keysOf());
    await refused({ ...given, category: 'laboratory' }, 'READINGS_INVALID', 'category');
  });

  it('is refused as one that a gateway sealed, because its statement names the file', async () => {
    const given = await batch(40, await keysOf());
    const { file: _file, epoch: _epoch, ...rest } = given.message.header;
    const header: ReadingsHeader = { ...rest, file: ZERO32 };
    const message = { header, signature: given.message.signature };
    const content = utf8ToBytes('what the gateway would like to be read');
    await refused({ ...given, message, content }, 'RIGHT_MISSING');
  });

  // @actor a gateway | to pass a sealed batch for one of another epoch
  it('is refused once the keys turned, and nobody passes it for one of the new epoch', async () => {
    const old = await keysOf();
    const given = await batch(50, old);
    await turnKeys();
    await refused(given, 'EPOCH_STALE');
    await refused(given, 'READINGS_INVALID', 'epoch', { epoch: old.epoch + 1 });
    const again = await batch(50, await keysOf());
    assert.equal(again.message.header.epoch, old.epoch + 1);
    assert.equal(again.message.header.root, given.message.header.root);
    await addReadings(gateway, again);
  });

  it('is refused to a gateway that says it is of a coming epoch', async () => {
    const keys = await keysOf();
    const given = await batch(60, { ...keys, epoch: keys.epoch + 1 });
    await refused(given, 'EPOCH_STALE');
  });

  // @actor who has a device's key | to hide what it sealed behind another file
  it('is read although whoever has its key put another file under its statement first', async () => {
    const given = await batch(95, await keysOf());
    const sealed = utf8ToBytes('no file that anybody opens');
    const file = bytesToHex(gateway.primitives.sha256(sealed));
    const copied = signedReadings({ ...given.message.header, file }, sensor);
    await addReadings(gateway, { ...given, message: { ...copied, sealed } });
    await addReadings(gateway, given);
    const chart = await readChart(patient, { handle: bound.grant.handle, purpose: 'PATRQT' });
    const span = { from: START + 95_000, until: START + 95_002 };
    const read = await readReadings(patient, chart, span);
    const [found, further] = read.flatMap(({ batches }) => batches);
    assert.ok(found !== undefined && further === undefined, 'it is one batch');
    assert.ok('readings' in found, 'it is opened');
    assert.deepEqual([found.readings.length, found.altered], [2, false]);
    for await (const each of streamReadings(patient, chart, span)) {
      assert.ok('readings' in each.batch, 'it is opened for an export');
    }
  });

  it('of another key, or for another right, is refused like any other', async () => {
    const keys = await keysOf();
    const given = await batch(70, keys);
    const message = { ...given.message, ...signedReadings(given.message.header, signatory('x')) };
    await refused({ ...given, message }, 'RIGHT_MISSING');
    const foreign = await batch(80, { ...keys, grant: `0x${'77'.repeat(32)}` });
    await refused(foreign, 'READINGS_INVALID', 'grant');
  });
});

describe('the keys that a gateway tells a device', () => {
  it('are those of the patient who was pinned, in the first category of the right', async () => {
    const { recipients } = (
      await gateway.agent.sheet({
        handle: bound.grant.handle,
        epoch: (await keysOf()).epoch,
      })
    ).sheet;
    const { category, sheet } = await told((keys) => keys);
    assert.deepEqual([category, sheet.recipients.vitals], ['vitals', recipients.vitals]);
  });

  // @actor a gateway | to name a key of its own for a device to seal to
  it('are not taken from a sheet that the patient did not commit to, or of another epoch', async () => {
    const recipients = { vitals: gateway.recipient };
    await lies('KEY_UNAUTHENTIC', 'sheet of the epoch', (keys) => ({
      ...keys,
      sheet: { ...keys.sheet, sheet: { ...keys.sheet.sheet, recipients } },
    }));
    for (const by of [-1, 1]) {
      await lies('KEY_UNAUTHENTIC', 'sheet of the epoch', async (keys) => {
        const { handle, epoch } = keys.sheet.sheet;
        return { ...keys, sheet: await gateway.agent.sheet({ handle, epoch: epoch + by }) };
      });
    }
  });

  // @actor a gateway with old answers | to have a device seal to keys that turned
  it('are not taken from facts of before, of too few coordinators, or of others', async () => {
    const { handle } = bound.grant;
    const query = { handle, grant: bound.digest };
    const before = await gateway.agent.facts({ ...query, nonce: bytesToHex(patient.random(32)) });
    const what = 'answer about the keys';
    await lies('KEY_UNAUTHENTIC', what, (keys) => ({ ...keys, facts: before }));
    await lies('VERDICTS_MISSING', undefined, ({ facts, ...keys }) => ({
      ...keys,
      facts: facts.slice(0, 1),
    }));
    await lies('KEY_UNAUTHENTIC', what, ({ facts, ...keys }) => {
      const [one = assert.fail()] = facts;
      return { ...keys, facts: [one, one] };
    });
    await lies('KEY_UNAUTHENTIC', what, ({ facts, ...keys }) => ({
      ...keys,
      facts: facts.map((each) => ({
        ...each,
        facts: {
          ...each.facts,
          ...(each.facts.patient && {
            patient: { ...each.facts.patient, epoch: each.facts.patient.epoch + 1 },
          }),
        },
      })),
    }));
  });

  // @actor a gateway | to name coordinators of its own to a device that knows a network by its fingerprint
  it('are not taken from coordinators of another network file than the pinned one', async () => {
    const { primitives } = patient;
    const own = signatory('coordinator of the gateway');
    const what = 'network file';
    await lies('KEY_UNAUTHENTIC', what, ({ successors: { first, ...successors }, ...keys }) => {
      assert.equal(
        first && fingerprintOf(primitives, first),
        pinOfDevice(patient, keys.grant.handle).network,
      );
      return { ...keys, successors };
    });
    await lies('KEY_UNAUTHENTIC', what, ({ successors, ...keys }) => {
      const [channel = assert.fail()] = patient.network.channels;
      const coordinators = channel.coordinators.map((each, place) =>
        place === 0 ? { ...each, address: own.address } : each,
      );
      const first = { ...patient.network, channels: [{ ...channel, coordinators }] };
      return { ...keys, successors: { ...successors, first } };
    });
  });

  it('are not taken by a clock that is wrong', async () => {
    const now = network.clock.now() / 1000 + 3600;
    await lies('CLOCK_SKEWED', undefined, (keys) => keys, { now });
  });

  // @actor a patient beside the gateway | to have another's device seal to their own chart
  it('are not taken for the chart of anybody else who binds the device, nor from that one’s right', async () => {
    const other = await network.party('patient');
    await commitEpochs(other, 4);
    const theirs = await bindDevice(other, {
      device: { address: sensor.address },
      gateway: gateway.address,
      categories: ['vitals'],
      until: BEGIN + 3600,
    });
    await lies('KEY_UNAUTHENTIC', 'chart of the right', (keys) => keys, { right: theirs });
    const { grant } = theirs;
    await lies('KEY_UNAUTHENTIC', 'chart of the right', (keys) => ({ ...keys, grant }));
    const mixed = { ...grant, handle: bound.grant.handle };
    await lies('KEY_UNAUTHENTIC', 'right', (keys) => ({ ...keys, grant: mixed }));
  });

  it('are not taken for a right whose category was changed, or that is of another device or kind', async () => {
    const { terms } = bound.grant;
    for (const change of [
      { categories: ['laboratory'] },
      { record: ZERO32 },
      { read: true },
      { until: BEGIN + 7200 },
    ] as const) {
      await lies('KEY_UNAUTHENTIC', 'right', (keys) => ({
        ...keys,
        grant: { ...bound.grant, terms: { ...terms, ...change } },
      }));
    }
  });

  it('are not taken from successors of the network that nobody signed', async () => {
    await lies('SUCCESSOR_INVALID', undefined, (keys) => ({
      ...keys,
      successors: {
        ...keys.successors,
        format: 'medseal-successors/2',
      } as unknown as KeysTold['successors'],
    }));
  });

  it('are refused once the right was ended', async () => {
    const short = await bindDevice(patient, {
      device: { address: sensor.address },
      gateway: gateway.address,
      categories: ['vitals'],
      until: BEGIN + 1800,
    });
    await told((keys) => keys, { right: short });
    await revokeRight(patient, short.digest);
    await lies('RIGHT_ENDED', undefined, (keys) => keys, { right: short });
  });
});
