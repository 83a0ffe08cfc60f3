import type { CodeableConcept, Observation, Quantity } from '@medplum/fhirtypes';
import { keepNumberText, type Holder } from '../numberTexts.ts';
import type { ClinicalForm } from './ClinicalForm.ts';
import type { FormValues, NumberFormField } from './FormField.ts';
import { FORM_CATEGORIES } from './formNames.ts';
import { hl7Concept, NOTE_FIELD, noteOf, partyReference, patientOf } from './formParts.ts';

/** A vital sign: its field, and the codes that FHIR's profile of vital signs asks for. */
interface VitalSign {
  readonly field: NumberFormField;
  /** Code of the unit in UCUM, and its words where devices write others, so that the values of both are one series. */
  readonly ucum: string;
  readonly written?: string;
  /** Its name for people, and its codes of LOINC, each with LOINC’s name. */
  readonly text: string;
  readonly loinc: readonly (readonly [code: string, display: string])[];
}

const number = { type: 'number', decimals: 0 } as const;

const SYSTOLIC: VitalSign = {
  field: { ...number, name: 'systolic', low: 30, high: 300, usual: [70, 220], unit: 'mmHg' },
  ucum: 'mm[Hg]',
  text: 'Systolic blood pressure',
  loinc: [['8480-6', 'Systolic blood pressure']],
};
const DIASTOLIC: VitalSign = {
  field: { ...number, name: 'diastolic', low: 0, high: 200, usual: [40, 130], unit: 'mmHg' },
  ucum: 'mm[Hg]',
  text: 'Diastolic blood pressure',
  loinc: [['8462-4', 'Diastolic blood pressure']],
};

/** Vital signs that are an Observation each. Bounds are what a person can have at all, so that an emergency can be written down. */
const ALONE: readonly VitalSign[] = [
  {
    field: { ...number, name: 'pulse', low: 0, high: 350, usual: [40, 180], unit: '/min' },
    ucum: '/min',
    written: 'beats/minute',
    text: 'Heart rate',
    loinc: [['8867-4', 'Heart rate']],
  },
  {
    field: {
      ...number,
      name: 'temperature',
      low: 20,
      high: 46,
      usual: [35, 41],
      decimals: 1,
      unit: '°C',
    },
    ucum: 'Cel',
    text: 'Body temperature',
    loinc: [['8310-5', 'Body temperature']],
  },
  {
    field: { ...number, name: 'oxygen', low: 30, high: 100, usual: [85, 100], unit: '%' },
    ucum: '%',
    text: 'Oxygen saturation',
    loinc: [
      ['2708-6', 'Oxygen saturation in Arterial blood'],
      ['59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry'],
    ],
  },
  {
    field: { ...number, name: 'breathing', low: 0, high: 120, usual: [8, 40], unit: '/min' },
    ucum: '/min',
    written: 'breaths/minute',
    text: 'Respiratory rate',
    loinc: [['9279-1', 'Respiratory rate']],
  },
  {
    field: {
      ...number,
      name: 'weight',
      low: 0.2,
      high: 650,
      usual: [2, 250],
      decimals: 2,
      unit: 'kg',
    },
    ucum: 'kg',
    text: 'Body weight',
    loinc: [['29463-7', 'Body weight']],
  },
  {
    field: {
      ...number,
      name: 'height',
      low: 20,
      high: 275,
      usual: [40, 220],
      decimals: 1,
      unit: 'cm',
    },
    ucum: 'cm',
    text: 'Body height',
    loinc: [['8302-2', 'Body height']],
  },
];

const PRESSURE: Pick<VitalSign, 'text' | 'loinc'> = {
  text: 'Blood pressure',
  loinc: [['85354-9', 'Blood pressure panel with all children optional']],
};

/** Vital signs that were taken at one moment: of each that is given an Observation, and one for both values of a blood pressure. */
export const VITAL_SIGNS_FORM: ClinicalForm = {
  category: FORM_CATEGORIES['vital-signs'],
  fields: [
    { name: 'measured', type: 'moment', required: true },
    ...[SYSTOLIC, DIASTOLIC, ...ALONE].map(({ field }) => field),
    NOTE_FIELD,
  ],
  check: (values) => {
    const { systolic, diastolic } = values;
    if ([SYSTOLIC, DIASTOLIC, ...ALONE].every(({ field }) => values[field.name] === undefined)) {
      return { field: 'systolic', fault: 'nothing' };
    }
    if (systolic === undefined && diastolic === undefined) return undefined;
    if (systolic === undefined) return { field: 'systolic', fault: 'missing' };
    // A pressure that was palpated has no lower value.
    if (diastolic === undefined) return undefined;
    if (Number(diastolic) < Number(systolic)) return undefined;
    return { field: 'diastolic', fault: 'too-high', limit: String(Number(systolic) - 1) };
  },
  make: (values, { handle, author }) => {
    const { measured = '', note } = values;
    const observed = (sign: Pick<VitalSign, 'text' | 'loinc'>): Observation => ({
      resourceType: 'Observation',
      status: 'final',
      category: [hl7Concept('observation-category', 'vital-signs')],
      code: loincConcept(sign),
      subject: patientOf(handle),
      effectiveDateTime: measured,
      performer: [partyReference(author)],
      ...noteOf(note),
    });
    const parts = [SYSTOLIC, DIASTOLIC].map((sign) => valueOf(sign, values)[0] ?? absent(sign));
    const pressure: Observation = { ...observed(PRESSURE), component: parts };
    const alone = ALONE.flatMap((sign) =>
      valueOf(sign, values).map(({ valueQuantity }) => ({
        ...observed(sign),
        valueQuantity,
      })),
    );
    return values.systolic === undefined ? alone : [pressure, ...alone];
  },
};

interface VitalValue {
  readonly code: CodeableConcept;
  readonly valueQuantity: Quantity;
}

/** The value of a vital sign with its code, or nothing; a number has the digits that were typed. */
function valueOf(sign: VitalSign, values: FormValues): VitalValue[] {
  const { field, ucum, written = field.unit } = sign;
  const text = values[field.name];
  if (text === undefined) return [];
  const valueQuantity: Quantity = {
    value: Number(text),
    ...(written && { unit: written }),
    system: 'http://unitsofmeasure.org',
    code: ucum,
  };
  keepNumberText(valueQuantity as Holder, 'value', text);
  return [{ code: loincConcept(sign), valueQuantity }];
}

/** The half of a blood pressure that nobody knows: FHIR's profile asks for a value or the reason of its absence. */
function absent(sign: VitalSign): NonNullable<Observation['component']>[number] {
  return {
    code: loincConcept(sign),
    dataAbsentReason: hl7Concept('data-absent-reason', 'unknown'),
  };
}

function loincConcept({ text, loinc }: Pick<VitalSign, 'text' | 'loinc'>): CodeableConcept {
  const coding = loinc.map(([code, display]) => ({ system: 'http://loinc.org', code, display }));
  return { coding, text };
}
