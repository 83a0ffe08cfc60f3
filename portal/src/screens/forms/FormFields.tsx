import type { ReactNode } from 'react';
import type {
  FormFault,
  FormField,
  FormFieldName,
  FormValues,
} from '../../../../src/fhir/forms/FormField.ts';
import { SelectField } from '../../ui/SelectField.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { choiceInWords, faultSaid, fieldLabel } from './formWords.ts';

/** HTML's kind of input for a date. */
const INPUTS = { day: 'date', moment: 'datetime-local', partial: 'text' } as const;
/** Lines of a longer text. */
const LINES = 3;

/** Properties of `FormFields`. */
export interface FormFieldsProps {
  readonly fields: readonly FormField[];
  readonly values: FormValues;
  /** Faults to tell, each at its field. */
  readonly faults: readonly FormFault[];
  readonly onChange: (name: FormFieldName, value: string) => void;
}

/** The fields of a clinical form, each by its row of the table: label, hint, field and what is wrong. */
export function FormFields({ fields, ...rest }: FormFieldsProps): ReactNode {
  return fields.map((field) => <FormFieldShown key={field.name} field={field} {...rest} />);
}

function FormFieldShown({
  field,
  values,
  faults,
  onChange,
}: Omit<FormFieldsProps, 'fields'> & { readonly field: FormField }): ReactNode {
  const words = useWords();
  const { name } = field;
  const label = fieldLabel(field, words);
  const value = values[name] ?? '';
  if (field.type === 'choice') {
    const { first, choices } = field;
    const choosable = choices.map((each) => ({ value: each, label: choiceInWords(each, words) }));
    const none = { value: '', label: words.say('forms.not-stated') };
    return (
      <SelectField
        label={label}
        choices={first === undefined ? [none, ...choosable] : choosable}
        value={choices.includes(value) ? value : (first ?? '')}
        onChange={(chosen) => onChange(name, chosen === first ? '' : chosen)}
      />
    );
  }
  const fault = faults.find((each) => each.field === name);
  return (
    <TextField
      label={label}
      {...(field.type === 'partial' && { hint: words.say('forms.partial') })}
      error={fault && faultSaid(fault, words)}
      value={value}
      onChange={(text) => onChange(name, text)}
      {...(field.type === 'number' && { inputMode: 'decimal' })}
      {...(field.type === 'text' && field.lines && { rows: LINES })}
      {...(field.type !== 'text' && field.type !== 'number' && { type: INPUTS[field.type] })}
    />
  );
}
