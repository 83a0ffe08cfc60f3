import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ZERO32, ZERO_ADDRESS, type Bytes32 } from '../protocol/ids.ts';
import { orderNumber } from '../protocol/care/orderNumber.ts';
import type { Dispense, Prescription } from '../protocol/care/prescriptions.ts';
import type { Signed } from '../protocol/struct/requests.ts';
import { digestOf, sign } from '../protocol/struct/signing.ts';
import { encodeBatch } from './encodeBatch.ts';
import { encodeRequests, type Carried } from './encodeRequests.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';
import { actor, FAR, startTestNetwork, type Actor, type TestNetwork } from './test/testNetwork.ts';

const word = (digit: string): Bytes32 => `0x${digit.repeat(64)}`;
const [holder, slip, nextHolder, nextSlip] = [501, 502, 503, 504].map(actor) as [
  Actor,
  Actor,
  Actor,
  Actor,
];

/** Records so far: on each rests one prescription. */
let records = 0;

/** Thirty tablets, twice. */
function prescriptionOf(net: TestNetwork, change: Partial<Prescription> = {}): Prescription {
  return {
    terms: {
      handle: net.handle,
      record: `0x${(++records).toString(16).padStart(64, '0')}`,
      content: word('2'),
      medicine: 'amoxicillin 500 mg',
      code: 'http://www.whocc.no/atc|J01CA04',
      unit: 'capsule',
      controlled: false,
      salt: `0x${'5a'.repeat(16)}`,
    },
    prescriber: net.doctor.address,
    second: ZERO_ADDRESS,
    holder: holder.address,
    slip: slip.address,
    amount: 30,
    fills: 2,
    interval: 0,
    from: 0,
    until: FAR,
    replaces: ZERO32,
    deadline: FAR,
    ...change,
  };
}

/** The prescription, with what a quorum of coordinators signs of it. */
function vouched(net: TestNetwork, signed: Signed<'Prescription'>): Carried<'Prescription'> {
  const { context } = net;
  const check = {
    prescription: digestOf(context, 'Prescription', signed.message),
    order: orderNumber(context.primitives, signed.message.terms),
  };
  const { signatures } = net.countersign(net.coordinators, 'PrescriptionCheck', check);
  return { ...signed, signatures };
}

/** A dispense, signed by a key that was made for it. */
function byKey({ context }: TestNetwork, key: Actor, message: Dispense): Carried<'Dispense'> {
  return { message, cosignature: sign(context, key, 'Dispense', message).signature };
}

function dispenseOf(prescription: Bytes32, step: number, amount: number): Dispense {
  const terms = {
    pharmacist: actor(601).address,
    content: word('3'),
    salt: `0x${'a5'.repeat(16)}`,
  } as const;
  return { prescription, step, amount, terms, deadline: FAR };
}

describe('prescriptions, through their bindings', () => {
  let net: TestNetwork;
  before(async () => {
    net = await startTestNetwork();
  });
  after(async () => {
    await net[Symbol.asyncDispose]();
  });

  it('the contract knows a prescription and its steps by the digests that are signed here', async () => {
    const { context, doctor } = net;
    const message = prescriptionOf(net);
    const prescription = digestOf(context, 'Prescription', message);
    const { primitives } = context;
    const made = await net.send(
      'prescriptions',
      encodeRequests(primitives, 'Prescription', [
        vouched(net, sign(context, doctor, 'Prescription', message)),
      ]),
    );
    const { terms, replaces: _none, deadline: _passes, ...told } = message;
    const order = orderNumber(primitives, terms);
    assert.partialDeepStrictEqual(made.events, [
      { kind: 'Prescribed', prescription, order, ...told },
    ]);

    const dispense = dispenseOf(prescription, 1, 20);
    const given = await net.send(
      'prescriptions',
      encodeRequests(primitives, 'Dispense', [byKey(net, slip, dispense)]),
    );
    const digest = digestOf(context, 'Dispense', dispense);
    assert.partialDeepStrictEqual(given.events, [
      { kind: 'Dispensed', prescription, dispense: digest, step: 1, amount: 20 },
    ]);

    const hold = { prescription, step: 2, held: true, deadline: FAR };
    const keys = { holder: nextHolder.address, slip: nextSlip.address };
    const pass = { prescription, step: 3, ...keys, deadline: FAR };
    const cancel = { prescription, deadline: FAR };
    const { events } = await net.send(
      'prescriptions',
      encodeBatch(prescriptionsAbi, 'hold', [sign(context, doctor, 'HoldPrescription', hold)]),
    );
    assert.partialDeepStrictEqual(events, [{ kind: 'PrescriptionHeld', prescription, held: true }]);
    const passed = await net.send(
      'prescriptions',
      encodeBatch(prescriptionsAbi, 'pass', [sign(context, holder, 'PassPrescription', pass)]),
    );
    assert.partialDeepStrictEqual(passed.events, [
      { kind: 'HolderChanged', prescription, step: 3, ...keys },
    ]);
    const ended = await net.send(
      'prescriptions',
      encodeBatch(prescriptionsAbi, 'cancel', [
        sign(context, doctor, 'CancelPrescription', cancel),
      ]),
    );
    assert.partialDeepStrictEqual(ended.events, [
      { kind: 'PrescriptionEnded', prescription, replacement: ZERO32 },
    ]);
  });

  it('a second doctor signs the same words, and a prescription that names one is refused without', async () => {
    const { context, doctor, otherDoctor } = net;
    const message = prescriptionOf(net, { second: otherDoctor.address, interval: 28 });
    const first = vouched(net, sign(context, doctor, 'Prescription', message));
    const alone = encodeRequests(context.primitives, 'Prescription', [first]);
    const refused = await net.send('prescriptions', alone);
    assert.partialDeepStrictEqual(refused.events, [
      { kind: 'Refused', index: 0, error: 'SignatureInvalid' },
    ]);
    const cosignature = sign(context, otherDoctor, 'Prescription', message).signature;
    const both = encodeRequests(context.primitives, 'Prescription', [{ ...first, cosignature }]);
    const taken = await net.send('prescriptions', both);
    assert.partialDeepStrictEqual(taken.events, [{ kind: 'Prescribed', interval: 28 }]);
  });

  it('says in the words of the contract why a dispense is refused', async () => {
    const { context, doctor } = net;
    const { primitives } = context;
    const message = prescriptionOf(net, { amount: 10, fills: 1 });
    const prescription = digestOf(context, 'Prescription', message);
    const signed = vouched(net, sign(context, doctor, 'Prescription', message));
    await net.send('prescriptions', encodeRequests(primitives, 'Prescription', [signed]));
    const requests = [
      byKey(net, slip, dispenseOf(prescription, 2, 1)),
      byKey(net, slip, dispenseOf(prescription, 1, 11)),
      byKey(net, holder, dispenseOf(prescription, 1, 1)),
      byKey(net, slip, dispenseOf(word('9'), 1, 1)),
    ];
    const { events } = await net.send(
      'prescriptions',
      encodeRequests(primitives, 'Dispense', requests),
    );
    assert.deepEqual(
      events.map((event) => event.kind === 'Refused' && event.error),
      ['StepUnexpected', 'AmountExceeded', 'SignatureInvalid', 'PrescriptionUnknown'],
    );
  });
});
