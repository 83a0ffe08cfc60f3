import { DEMO_PATIENTS, type DemoPatient } from './demoPatients.ts';
import type { DemoResults, DemoVisit } from './DemoVisit.ts';

/** The chart of an invented patient. */
export interface DemoChart {
  readonly patient: DemoPatient;
  /** Visits of the earlier years, which the doctor took over together; oldest first. */
  readonly earlier: readonly DemoVisit[];
  /** The newest visit. */
  readonly newest: DemoVisit;
  /** Oldest first. */
  readonly results: readonly DemoResults[];
  /** Pages of a letter that the doctor adds. */
  readonly letter: { readonly title: string; readonly lines: readonly string[] };
}

const [ANA, TEODOR] = DEMO_PATIENTS as readonly [DemoPatient, DemoPatient];

const FLU = {
  code: '140',
  display: 'Influenza, seasonal, injectable, preservative free',
  text: 'Influenza vaccine',
};
const CHECK = { code: '185349003', display: 'Encounter for check up', text: 'Check-up' };
const DIABETES = { code: '44054006', display: 'Diabetes mellitus type 2', text: 'Type 2 diabetes' };
const PRESSURE = {
  code: '59621000',
  display: 'Essential hypertension',
  text: 'High blood pressure',
};
const FATS = { code: '55822004', display: 'Hyperlipidemia', text: 'High cholesterol' };
const ASTHMA = { code: '195967001', display: 'Asthma' };
const RASH = { code: '271807003', display: 'Eruption of skin', text: 'Rash' };
const METFORMIN = {
  code: '860975',
  display: '24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet',
  text: 'Metformin 500 mg, slow release',
};
const LISINOPRIL = {
  code: '314076',
  display: 'lisinopril 10 MG Oral Tablet',
  text: 'Lisinopril 10 mg',
};
const SIMVASTATIN = {
  code: '314231',
  display: 'Simvastatin 10 MG Oral Tablet',
  text: 'Simvastatin 10 mg',
};
const SALBUTAMOL = {
  code: '745752',
  display: '200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler',
  text: 'Salbutamol inhaler',
};
const FLUTICASONE = {
  code: '895994',
  display: '120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler',
  text: 'Fluticasone inhaler',
};

/** The charts of the demonstration, one for each patient; all of it is invented. */
export const DEMO_CHARTS: readonly DemoChart[] = [
  {
    patient: ANA,
    earlier: [
      {
        daysAgo: 1490,
        reason: CHECK,
        conditions: [
          { ...DIABETES },
          { code: '10509002', display: 'Acute bronchitis', daysUntilOver: 18 },
        ],
        allergies: [
          {
            code: '91936005',
            display: 'Allergy to penicillin',
            severe: true,
            reaction: RASH,
          },
        ],
        medications: [{ ...METFORMIN, dose: 'One tablet with the evening meal.' }],
        vitals: { systolic: 148, diastolic: 92, pulse: 78, weight: 84.5, temperature: 37.8 },
        immunizations: [FLU],
        conclusion:
          'Type 2 diabetes found at a check-up. Metformin begun; diet and walking discussed.',
      },
      {
        daysAgo: 1125,
        reason: DIABETES,
        conditions: [PRESSURE],
        medications: [{ ...LISINOPRIL, dose: 'One tablet in the morning.' }],
        vitals: { systolic: 152, diastolic: 94, pulse: 76, weight: 82.9 },
        immunizations: [FLU],
        conclusion: 'Blood pressure too high at three visits. Lisinopril begun.',
      },
      {
        daysAgo: 760,
        reason: DIABETES,
        vitals: { systolic: 141, diastolic: 88, pulse: 74, weight: 81.2 },
        immunizations: [
          FLU,
          { code: '187', display: 'Zoster vaccine recombinant', text: 'Shingles vaccine' },
        ],
        procedures: [{ code: '401191002', display: 'Diabetic foot examination' }],
      },
      {
        daysAgo: 395,
        reason: DIABETES,
        allergies: [
          {
            code: '418689008',
            display: 'Allergy to grass pollen',
            severe: false,
            reaction: { code: '162367006', display: 'Sneezing' },
          },
        ],
        medications: [
          {
            ...SIMVASTATIN,
            dose: 'One tablet in the evening; stopped because of sore muscles.',
            stopped: true,
          },
        ],
        vitals: { systolic: 136, diastolic: 85, pulse: 72, weight: 79.8 },
        immunizations: [FLU],
      },
    ],
    newest: {
      daysAgo: 12,
      reason: DIABETES,
      vitals: { systolic: 132, diastolic: 82, pulse: 70, weight: 78.4, temperature: 36.6 },
      immunizations: [FLU],
      procedures: [{ code: '401191002', display: 'Diabetic foot examination' }],
      conclusion: 'Sugar and blood pressure have improved. Feet without findings.',
      plan: 'Blood test in three months. Eyes once a year. Thirty minutes of walking on five days a week.',
      bill: 129.5,
    },
    results: [
      {
        daysAgo: 1488,
        values: {
          hba1c: 8.4,
          glucose: 176,
          creatinine: 0.82,
          egfr: 81,
          ldl: 141,
          hdl: 44,
          alt: 31,
        },
        conclusion: 'Long-term sugar clearly above the range.',
      },
      {
        daysAgo: 1123,
        values: { hba1c: 7.7, glucose: 158, creatinine: 0.85, egfr: 78, ldl: 137, hdl: 45 },
        conclusion: 'Long-term sugar above the range, and falling.',
      },
      {
        daysAgo: 758,
        values: {
          hba1c: 7.3,
          glucose: 141,
          creatinine: 0.88,
          egfr: 75,
          ldl: 128,
          hdl: 47,
          alt: 28,
        },
        conclusion: 'Long-term sugar above the range.',
      },
      {
        daysAgo: 394,
        values: { hba1c: 7.1, glucose: 136, creatinine: 0.9, egfr: 72, ldl: 109, hdl: 49 },
        conclusion: 'LDL cholesterol now within the range.',
      },
      {
        daysAgo: 190,
        values: { hba1c: 6.9, glucose: 129, creatinine: 0.91, egfr: 71, ldl: 112, hdl: 50 },
        conclusion: 'Long-term sugar at the target that was agreed.',
      },
      {
        daysAgo: 11,
        values: {
          hba1c: 6.7,
          glucose: 121,
          creatinine: 0.93,
          egfr: 69,
          ldl: 114,
          hdl: 51,
          haemoglobin: 13.4,
          alt: 27,
        },
        conclusion: 'Long-term sugar at the target. Kidneys: control in a year.',
      },
    ],
    letter: {
      title: 'Letter of the eye clinic',
      lines: [
        'Example Hospital, eye clinic',
        '',
        'Patient: Ana Ferreira, born 3 February 1961',
        '',
        'Dear Dr. Brandt,',
        '',
        'we saw Ms Ferreira for the yearly examination of her eyes.',
        'Sight right 0.9, left 1.0. Pressure 15 and 16 mmHg.',
        'Both retinas: no sign of damage by diabetes.',
        '',
        'Next examination in one year.',
        '',
        'This letter and everybody in it are invented.',
      ],
    },
  },
  {
    patient: TEODOR,
    earlier: [
      {
        daysAgo: 1310,
        reason: CHECK,
        conditions: [ASTHMA],
        allergies: [
          {
            code: '91935009',
            display: 'Allergy to peanut',
            severe: true,
            reaction: { code: '39579001', display: 'Anaphylaxis' },
          },
        ],
        medications: [
          { ...SALBUTAMOL, dose: 'Two puffs when breathing is hard.' },
          { ...FLUTICASONE, dose: 'Two puffs in the morning and in the evening.' },
        ],
        vitals: { systolic: 124, diastolic: 78, pulse: 66, weight: 88.1 },
        procedures: [{ code: '127783003', display: 'Spirometry' }],
      },
      {
        daysAgo: 640,
        reason: { code: '44465007', display: 'Sprain of ankle' },
        conditions: [{ code: '44465007', display: 'Sprain of ankle', daysUntilOver: 42 }],
        vitals: { systolic: 131, diastolic: 82, pulse: 71, weight: 90.7 },
        immunizations: [
          { code: '113', display: 'Td (adult)', text: 'Tetanus and diphtheria vaccine' },
        ],
      },
    ],
    newest: {
      daysAgo: 33,
      reason: FATS,
      conditions: [FATS],
      medications: [{ ...SIMVASTATIN, dose: 'One tablet in the evening.' }],
      vitals: { systolic: 134, diastolic: 84, pulse: 69, weight: 92.3 },
      immunizations: [FLU],
      conclusion: 'Cholesterol too high for the third year; simvastatin begun.',
      plan: 'Blood test in three months. Asthma diary until then.',
      bill: 84,
    },
    results: [
      {
        daysAgo: 1308,
        values: { cholesterol: 214, ldl: 138, hdl: 46, triglycerides: 148, glucose: 88, alt: 24 },
        conclusion: 'Cholesterol slightly above the range.',
      },
      {
        daysAgo: 700,
        values: { cholesterol: 229, ldl: 151, hdl: 44, triglycerides: 171, glucose: 91 },
        conclusion: 'Cholesterol above the range.',
      },
      {
        daysAgo: 36,
        values: { cholesterol: 242, ldl: 163, hdl: 42, triglycerides: 186, glucose: 94, alt: 38 },
        conclusion: 'Cholesterol above the range, and rising.',
      },
    ],
    letter: {
      title: 'Report of the lung function test',
      lines: [
        'Example Hospital, lung function',
        '',
        'Patient: Teodor Lindqvist, born 30 November 1987',
        '',
        'FEV1 3.61 l (88 % of what is expected), after salbutamol 4.02 l.',
        'FEV1/FVC 0.71. Asthma, at present partly controlled.',
        '',
        'This report and everybody in it are invented.',
      ],
    },
  },
];
