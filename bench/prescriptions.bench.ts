/**
 * Prescriptions on the embedded ledger, or on validators of the consortium's engine: how many are taken, and how many
 * dispenses, in batches of 50 with the signatures made ahead.
 *
 * `node bench/prescriptions.bench.ts [--prescriptions N] [--validators N] [--json]`; 1,000 unless given.
 */
import { parseArgs } from 'node:util';
import { encodeRequests } from '../src/bindings/encodeRequests.ts';
import { ZERO32, ZERO_ADDRESS, type Hex } from '../src/protocol/ids.ts';
import { orderNumber } from '../src/protocol/care/orderNumber.ts';
import type { Prescription } from '../src/protocol/care/prescriptions.ts';
import { digestOf, sign } from '../src/protocol/struct/signing.ts';
import { FAR, openCareLedger, partsOf, randomWord } from './support/careLedger.ts';

const { values } = parseArgs({
  options: {
    prescriptions: { type: 'string', default: '1000' },
    validators: { type: 'string', default: '0' },
    json: { type: 'boolean' },
  },
});
const count = Number(values.prescriptions);
const BATCH = 50;
await using ledger = await openCareLedger(['prescriptions'], Number(values.validators));
const { context, at } = ledger;
const { primitives } = context;
const doctor = await ledger.enrolled(2);
const made = Array.from({ length: count }, () => {
  const [holder, slip] = [ledger.actor(), ledger.actor()];
  const message: Prescription = {
    terms: {
      handle: randomWord(),
      record: randomWord(),
      content: randomWord(),
      medicine: 'Amoxicillin 500 mg capsules',
      code: '',
      unit: 'capsule',
      controlled: false,
      salt: randomWord().slice(0, 34) as Hex,
    },
    prescriber: doctor.address,
    second: ZERO_ADDRESS,
    holder: holder.address,
    slip: slip.address,
    amount: 21,
    fills: 1,
    interval: 0,
    from: 1_700_000_000,
    until: FAR,
    replaces: ZERO32,
    deadline: FAR,
  };
  const dispense = {
    prescription: digestOf(context, 'Prescription', message),
    step: 1,
    amount: 10,
    terms: {
      pharmacist: doctor.address,
      content: randomWord(),
      salt: randomWord().slice(0, 34) as Hex,
    },
    deadline: FAR,
  };
  const check = {
    prescription: dispense.prescription,
    order: orderNumber(primitives, message.terms),
  };
  const signatures = [sign(context, ledger.member, 'PrescriptionCheck', check).signature];
  return {
    prescription: { ...sign(context, doctor, 'Prescription', message), signatures },
    dispense: {
      message: dispense,
      cosignature: sign(context, slip, 'Dispense', dispense).signature,
    },
  };
});
const issuing = partsOf(made, BATCH).map((group) =>
  encodeRequests(
    primitives,
    'Prescription',
    group.map(({ prescription }) => prescription),
  ),
);
const handing = partsOf(made, BATCH).map((group) =>
  encodeRequests(
    primitives,
    'Dispense',
    group.map(({ dispense }) => dispense),
  ),
);
const prescribed = count / (await ledger.send(at.prescriptions, issuing)).wall;
const dispensed = count / (await ledger.send(at.prescriptions, handing)).wall;
const result = { count, batch: BATCH, prescribed, dispensed };
console.log(
  values.json === true
    ? JSON.stringify(result)
    : `${count} prescriptions in batches of ${BATCH}: ${prescribed.toFixed(0)} prescribed and ${dispensed.toFixed(0)} dispensed a second`,
);
