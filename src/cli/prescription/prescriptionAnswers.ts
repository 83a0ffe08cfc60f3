import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';

/** Shapes of what the verbs about prescriptions print with `--json`. */

/** A prescription as the ledger has it: `prescription hold`, `prescription resume`, `prescription cancel`. */
export const PRESCRIPTION_TOLD = {
  /** Its digest. */
  prescription: BYTES32,
  state: new OneOf('active', 'held', 'ended'),
  /** Amount that was dispensed, and amount in all. */
  dispensed: 'count',
  whole: 'count',
  /** Amount of one fill, number of fills, and days between them. */
  amount: 'count',
  fills: 'count',
  interval: 'count',
  prescriber: ADDRESS,
  from: 'count',
  until: 'count',
  'replacement?': BYTES32,
} as const;

/** `prescription issue`, `prescription replace`, `prescription place` */
export const PRESCRIPTION_ISSUED = {
  prescription: BYTES32,
  /** The record on the chart. */
  record: BYTES32,
  already: 'boolean',
  /** File for the second doctor, who has yet to sign. */
  'file?': 'text',
} as const;

/** `prescription sign` */
export const PRESCRIPTION_SIGNED = { prescription: BYTES32, file: 'text' } as const;

/** `prescription list` */
export const PRESCRIPTIONS_LISTED = {
  prescriptions: [
    {
      ...PRESCRIPTION_TOLD,
      medicine: 'text',
      unit: 'text',
      /** True if this device can show it to a pharmacy. */
      mine: 'boolean',
    },
  ],
  /** Prescriptions on the chart that never came to the ledger. */
  unissued: [{ record: BYTES32, medicine: 'text' }],
  /** Prescriptions on the ledger that rest on a record of the chart, which does not hold them. */
  strays: [{ ...PRESCRIPTION_TOLD, record: BYTES32 }],
  /** Dispenses that pharmacists told of in letters, and that are on the chart now. */
  added: 'count',
  /** Records that may hold more prescriptions and could not be read now. */
  unread: 'count',
} as const;

/** `prescription slip`, `prescription pass` */
export const SLIP_MADE = {
  prescription: BYTES32,
  /** The slip: whoever has it can have the prescription dispensed. Absent if it is in the file. */
  'slip?': 'text',
  'file?': 'text',
} as const;

/** `prescription read` */
export const SLIP_TOLD = {
  ...PRESCRIPTION_TOLD,
  medicine: 'text',
  unit: 'text',
  dosage: 'text',
} as const;

/** `prescription dispense` */
export const DISPENSE_DONE = {
  ...PRESCRIPTION_TOLD,
  amountNow: 'count',
  /** The way in which the patient gets the MedicationDispense. */
  returned: new OneOf('chart', 'letter'),
  already: 'boolean',
} as const;
