import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DeviceBound } from '../../client/devices/bindDevice.ts';
import { gatherDeviceKeys } from '../../client/devices/gatherDeviceKeys.ts';
import { pinOfDevice } from '../../client/devices/pinOfDevice.ts';
import type { Party } from '../../client/party/Party.ts';
import { startWithDevice } from '../../client/test/startWithDevice.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { BEGIN, type TestNetwork } from '../../node/test/testNetwork.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { KeysAsked, KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import { helloDigest } from '../../protocol/sensors/helloDigest.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';

import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import { termsOf } from '../../protocol/test/sampleSuccessors.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { DeviceSeal } from './DeviceSeal.ts';

const { signingKey, address } = signatory('sealing wrist band');

describe('the seal of a device', () => {
  let network: TestNetwork;
  let patient: Party;
  let gateway: Party;
  let bound: DeviceBound;
  before(async () => {
    ({ network, patient, gateway, bound } = await startWithDevice({
      device: { address },
      epochs: 4,
    }));
  });
  after(async () => await network.close());

  function sealOf(): DeviceSeal {
    const { primitives, random } = patient;
    const named = { model: 'Wrist', serial: '1' };
    const digest = hexToBytes(helloDigest(primitives, { device: address, ...named }));
    const announced = { ...named, signature: bytesToHex(primitives.sign(digest, signingKey)) };
    const pin = pinOfDevice(patient, bound.grant.handle);
    const own = { signingKey, address, announced, pin };
    return new DeviceSeal({ primitives, random, clock: network.clock, ...own });
  }

  async function answer(question: string): Promise<KeysTold> {
    const { nonce } = JSON.parse(question) as KeysAsked;
    return await gatherDeviceKeys(gateway, bound, nonce);
  }

  const lines = [`{"at":${BEGIN * 1000},"code":149530,"value":70}`];
  function about(grant = bound.digest): Parameters<DeviceSeal['seal']>[0] {
    const times = { clock: 'set', start: BEGIN * 1000, end: BEGIN * 1000 } as const;
    return { grant, boot: 1, first: 0, previous: ZERO32, ...times };
  }

  it('seals to what it was told in answer to its question, for its right alone', async () => {
    const seal = sealOf();
    await assert.rejects(seal.seal(about(), lines), failsWith('KEY_PENDING'));
    assert.equal(seal.hear(await answer(seal.ask(bound.digest))), true);
    const { bytes } = await seal.seal(about(), lines);
    const { header, sealed } = parseReadingsMessage(patient.primitives, bytes);
    assert.equal(header.epoch, 1);
    assert.ok((sealed?.length ?? 0) > 1000);
    await assert.rejects(seal.seal(about(ZERO32), lines), failsWith('KEY_PENDING'));
  });

  it('believes no answer twice, none to an earlier question, and none that it did not ask for', async () => {
    const seal = sealOf();
    const early = await answer(seal.ask(bound.digest));
    const late = await answer(seal.ask(bound.digest));
    assert.equal(seal.hear(early), false);
    assert.equal(seal.keys, undefined);
    assert.equal(seal.hear(late), true);
    assert.equal(seal.hear(late), false);
    assert.equal(sealOf().hear(late), false);
  });

  it('seals to nobody after an answer that is not proved', async () => {
    const seal = sealOf();
    const told = await answer(seal.ask(bound.digest));
    const forged = { ...told, facts: [] };
    assert.throws(() => seal.hear(forged), failsWith('VERDICTS_MISSING'));
    assert.equal(seal.keys, undefined);
    assert.equal(seal.hear(told), false);
  });

  it('asks again after ten minutes, or once it is told that the keys turned', async () => {
    const seal = sealOf();
    seal.hear(await answer(seal.ask(bound.digest)));
    seal.forget();
    assert.equal(seal.keys, undefined);
    seal.hear(await answer(seal.ask(bound.digest)));
    network.clock.advance(599_000);
    assert.notEqual(seal.keys, undefined);
    network.clock.advance(1000);
    assert.equal(seal.keys, undefined);
  });

  // @actor a gateway that keeps a successor of the network file back | to lead a device back to coordinators whose keys were stolen and replaced
  it('goes back to no network file before the one that it followed', async () => {
    const seal = sealOf();
    network.clock.advance(2000);
    const present = await answer(seal.ask(bound.digest));
    const [channel = assert.fail()] = network.file.channels;
    const terms = { ...termsOf(network.file, BEGIN + 1), channels: [{ ...channel, copies: 2 }] };
    const context = { domain: domainOf(network.file), primitives: network.ports.primitives };
    const draft = draftSuccessor(context, network.file, terms);
    const coordinators = [...network.keys.values()].map((keys) => keys.coordinator);
    const seats = [...network.authorityKeys, ...coordinators];
    const successor = signSuccessor(context, network.file, draft, seats);
    const followed = { ...present, successors: { ...present.successors, successors: [successor] } };
    assert.equal(seal.hear(followed), true);
    const back = await answer(seal.ask(bound.digest));
    const isOther = failsWith('KEY_UNAUTHENTIC', { what: 'network file' });
    assert.throws(() => seal.hear(back), isOther);
  });
});
