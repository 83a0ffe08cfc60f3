import type { CodeableConcept, Observation, Quantity } from '@medplum/fhirtypes';
import { keepNumberText, type Holder } from '../numberTexts.ts';
import type { ClinicalForm } from './ClinicalForm.ts';
import type { FormValues, NumberFormField } from './FormField.ts';
import { hl7Concept, NOTE_FIELD, noteOf, patientOf } from './formParts.ts';

/** A vital sign: its field, and the codes that FHIR's profile of vital signs asks for. */
interface VitalSign {
  readonly field: NumberFormField;
  /** Code of the unit in UCUM. */
  readonly ucum: string;
  /** LOINC codes, each with its name. */
  readonly loinc: readonly (readonly [code: string, display: string])[];
}

const number = { type: 'number', decimals: 0 } as const;

const SYSTOLIC: VitalSign = {
  field: { ...number, name: 'systolic', low: 30, high: 300, usual: [70, 220], unit: 'mmHg' },
  ucum: 'mm[Hg]',
  loinc: [['8480-6', 'Systolic blood pressure']],
};
const DIASTOLIC: VitalSign = {
  field: { ...number, name: 'diastolic', low: 10, high: 200, usual: [40, 130], unit: 'mmHg' },
  ucum: 'mm[Hg]',
  loinc: [['8462-4', 'Diastolic blood pressure']],
};

/** Vital signs that are an Observation each. Bounds are what a person can have at all, so that an emergency can be written down. */
const ALONE: readonly VitalSign[] = [
  {
    field: { ...number, name: 'pulse', low: 10, high: 350, usual: [40, 180], unit: '/min' },
    ucum: '/min',
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
    loinc: [['8310-5', 'Body temperature']],
  },
  {
    field: { ...number, name: 'oxygen', low: 30, high: 100, usual: [85, 100], unit: '%' },
    ucum: '%',
    loinc: [
      ['2708-6', 'Oxygen saturation in Arterial blood'],
      ['59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry'],
    ],
  },
  {
    field: { ...number, name: 'breathing', low: 2, high: 120, usual: [8, 40], unit: '/min' },
    ucum: '/min',
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
    loinc: [['8302-2', 'Body height']],
  },
];

const PRESSURE = [['85354-9', 'Blood pressure panel with all children optional']] as const;

/** Vital signs that were taken at one moment: of each that is given an Observation, and one for both values of a blood pressure. */
export const VITAL_SIGNS_FORM: ClinicalForm = {
  category: 'vitals',
  fields: [
    { name: 'measured', type: 'moment', required: true },
    ...[SYSTOLIC, DIASTOLIC, ...ALONE].map(({ field }) => field),
    NOTE_FIELD,
  ],
  check: (values) => {
    const { systolic, diastolic } = values;
    if ([SYSTOLIC, DIASTOLIC, ...ALONE].every(({ field }) => values[field.name] === undefined)) {
      return { field: 'systolic', fault: 'missing' };
    }
    if (systolic === undefined && diastolic === undefined) return undefined;
    if (systolic === undefined) return { field: 'systolic', fault: 'missing' };
    if (diastolic === undefined) return { field: 'diastolic', fault: 'missing' };
    if (Number(diastolic) < Number(systolic)) return undefined;
    return { field: 'diastolic', fault: 'too-high', limit: String(Number(systolic) - 1) };
  },
  make: (values, { handle }) => {
    const { measured = '', note } = values;
    const observed = (signs: VitalSign['loinc']): Observation => ({
      resourceType: 'Observation',
      status: 'final',
      category: [hl7Concept('observation-category', 'vital-signs')],
      code: loincConcept(signs),
      subject: patientOf(handle),
      effectiveDateTime: measured,
      ...noteOf(note),
    });
    const parts = [SYSTOLIC, DIASTOLIC].flatMap((sign) => valueOf(sign, values));
    const pressure: Observation = { ...observed(PRESSURE), component: parts };
    const alone = ALONE.flatMap((sign) =>
      valueOf(sign, values).map(({ valueQuantity }) => ({
        ...observed(sign.loinc),
        valueQuantity,
      })),
    );
    return parts.length === 0 ? alone : [pressure, ...alone];
  },
};

interface VitalValue {
  readonly code: CodeableConcept;
  readonly valueQuantity: Quantity;
}

/** The value of a vital sign with its code, or nothing; a number has the digits that were typed. */
function valueOf({ field, ucum, loinc }: VitalSign, values: FormValues): VitalValue[] {
  const text = values[field.name];
  if (text === undefined) return [];
  const valueQuantity: Quantity = {
    value: Number(text),
    ...(field.unit && { unit: field.unit }),
    system: 'http://unitsofmeasure.org',
    code: ucum,
  };
  keepNumberText(valueQuantity as Holder, 'value', text);
  return [{ code: loincConcept(loinc), valueQuantity }];
}

function loincConcept(codes: VitalSign['loinc']): CodeableConcept {
  return {
    coding: codes.map(([code, display]) => ({ system: 'http://loinc.org', code, display })),
  };
}
