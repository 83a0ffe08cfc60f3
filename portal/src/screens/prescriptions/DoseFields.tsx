import type { ReactNode } from 'react';
import { dosageOf } from '../../../../src/fhir/dose/dosageOf.ts';
import { DOSE_FIELDS } from '../../../../src/fhir/dose/doseFields.ts';
import type { DoseRead } from '../../../../src/fhir/dose/readDose.ts';
import type { FormFieldName, FormValues } from '../../../../src/fhir/forms/FormField.ts';
import { hasField } from '../../../../src/fhir/forms/readFields.ts';
import { useWords } from '../../words/useWords.tsx';
import { FormFields } from '../forms/FormFields.tsx';
import { directionsSaid } from './directionsSaid.ts';
import fieldLook from '../../ui/Field.module.css';

const FORM = { fields: DOSE_FIELDS };

/** Properties of `DoseFields`. */
export interface DoseFieldsProps {
  /** The fields as they were typed. */
  readonly typed: FormValues;
  /** The dose that they say; undefined if no dose is given. */
  readonly dose: DoseRead | undefined;
  /** True once the person wanted to go on: then faults are told. */
  readonly tried: boolean;
  readonly onChange: (name: FormFieldName, value: string) => void;
}

/** The fields of a structured dose, with the sentence that they make. */
export function DoseFields({ typed, dose, tried, onChange }: DoseFieldsProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const isWhole = dose !== undefined && dose.faults.length === 0;
  return (
    <fieldset>
      <legend>{say('medicines.dose')}</legend>
      <div className={fieldLook['fields']}>
        <FormFields
          fields={DOSE_FIELDS.filter((field) => hasField(FORM, field, typed))}
          values={typed}
          faults={tried ? (dose?.faults ?? []) : []}
          hints={{ unit: say('medicines.dose-unit') }}
          onChange={onChange}
        />
      </div>
      {isWhole && (
        <p className="hint" dir="auto">
          {say('medicines.dose-said', { dose: directionsSaid([dosageOf(dose.read, '')], words) })}
        </p>
      )}
    </fieldset>
  );
}
