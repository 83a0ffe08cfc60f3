/** Code system of ISO/IEEE 11073-10101. */
export const MDC = 'urn:iso:std:iso:11073:10101';

/** A measurement that devices name by a context-free code of ISO/IEEE 11073-10101. */
export interface MdcCode {
  readonly code: number;
  /** Reference identifier of the standard. */
  readonly id: string;
  /** Name in plain English. */
  readonly text: string;
  /** Unit by UCUM in which Medseal reads the values. */
  readonly unit: string;
  /** Unit for people. */
  readonly unitText: string;
  /** LOINC codes of the same measurement: those that R4's vital-sign profiles ask for. */
  readonly loinc: readonly string[];
  /** Digits after the point that a screen shows. */
  readonly digits: number;
  /** True if it is a curve of samples, false if it is a number. */
  readonly curve: boolean;
}

const RATE = { unit: '/min', unitText: 'beats/minute', digits: 0, curve: false } as const;
const PRESSURE = { unit: 'mm[Hg]', unitText: 'mmHg', digits: 0, curve: false } as const;
const LEAD = { unit: 'mV', unitText: 'mV', loinc: [], digits: 2, curve: true } as const;
const HEART_RATE = '8867-4';

/**
 * The measurements that Medseal has a unit and a name for. A device may send others: they are kept, and shown by their
 * number without a unit. A code is the number of its partition times 65,536, plus its term.
 */
export const MDC_CODES: readonly MdcCode[] = [
  { code: 147842, id: 'MDC_ECG_HEART_RATE', text: 'Heart rate', loinc: [HEART_RATE], ...RATE },
  {
    code: 149530,
    id: 'MDC_PULS_OXIM_PULS_RATE',
    text: 'Pulse rate (oximeter)',
    loinc: [HEART_RATE],
    ...RATE,
  },
  {
    code: 149546,
    id: 'MDC_PULS_RATE_NON_INV',
    text: 'Pulse rate (cuff)',
    loinc: [HEART_RATE],
    ...RATE,
  },
  {
    code: 150456,
    id: 'MDC_PULS_OXIM_SAT_O2',
    text: 'Oxygen saturation',
    unit: '%',
    unitText: '%',
    loinc: ['2708-6', '59408-5'],
    digits: 0,
    curve: false,
  },
  {
    code: 150364,
    id: 'MDC_TEMP_BODY',
    text: 'Body temperature',
    unit: 'Cel',
    unitText: '°C',
    loinc: ['8310-5'],
    digits: 1,
    curve: false,
  },
  {
    code: 151562,
    id: 'MDC_RESP_RATE',
    text: 'Respiratory rate',
    loinc: ['9279-1'],
    ...RATE,
    unitText: 'breaths/minute',
  },
  {
    code: 150021,
    id: 'MDC_PRESS_BLD_NONINV_SYS',
    text: 'Systolic blood pressure',
    loinc: ['8480-6'],
    ...PRESSURE,
  },
  {
    code: 150022,
    id: 'MDC_PRESS_BLD_NONINV_DIA',
    text: 'Diastolic blood pressure',
    loinc: ['8462-4'],
    ...PRESSURE,
  },
  {
    code: 150023,
    id: 'MDC_PRESS_BLD_NONINV_MEAN',
    text: 'Mean blood pressure',
    loinc: ['8478-0'],
    ...PRESSURE,
  },
  { code: 131329, id: 'MDC_ECG_ELEC_POTL_I', text: 'ECG lead I', ...LEAD },
  { code: 131330, id: 'MDC_ECG_ELEC_POTL_II', text: 'ECG lead II', ...LEAD },
  { code: 131389, id: 'MDC_ECG_ELEC_POTL_III', text: 'ECG lead III', ...LEAD },
  {
    code: 150452,
    id: 'MDC_PULS_OXIM_PLETH',
    text: 'Pulse wave',
    unit: '1',
    unitText: '',
    loinc: [],
    digits: 2,
    curve: true,
  },
];

const BY_CODE: ReadonlyMap<number, MdcCode> = new Map(MDC_CODES.map((each) => [each.code, each]));

/**
 * Returns the measurement of an MDC code.
 *
 * @param code - Context-free code.
 * @returns Undefined if Medseal's table does not have it.
 */
export function mdcCodeOf(code: number): MdcCode | undefined {
  return BY_CODE.get(code);
}
