import type { ReactNode } from 'react';
import type {
  FormFault,
  FormField,
  FormFieldName,
  FormValues,
} from '../../../../src/fhir/forms/FormField.ts';
import type { Person } from '../../session/people.ts';
import { Choices } from '../../ui/Choices.tsx';
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
  /** People whom the person knows in the role that a field asks for. */
  readonly parties?: readonly Person[];
  /** Hints for fields of this form alone. */
  readonly hints?: Readonly<Partial<Record<FormFieldName, string>>>;
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
  parties = [],
  hints = {},
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
  if (field.type === 'several') {
    return (
      <>
        <Choices
          legend={label}
          choices={field.choices.map((each) => ({
            value: each,
            label: choiceInWords(each, words),
          }))}
          chosen={value.split(' ').filter((each) => each !== '')}
          onChange={(chosen) => onChange(name, chosen.join(' '))}
        />
        {fault !== undefined && (
          <p className="error" role="alert">
            {faultSaid(fault, words)}
          </p>
        )}
      </>
    );
  }
  if (field.type === 'party') {
    const people = parties.map(({ address, name: each }) => ({ value: address, label: each }));
    const nobody = { value: '', label: words.say('forms.nobody') };
    return (
      <SelectField
        label={label}
        choices={[nobody, ...people]}
        value={parties.some(({ address }) => address === value) ? value : ''}
        onChange={(chosen) => onChange(name, chosen)}
      />
    );
  }
  return (
    <TextField
      label={label}
      {...(field.type === 'partial' && { hint: words.say('forms.partial') })}
      {...(field.type === 'clock' && { hint: words.say('forms.clock-how') })}
      {...(hints[name] !== undefined && { hint: hints[name] })}
      error={fault && faultSaid(fault, words)}
      value={value}
      onChange={(text) => onChange(name, text)}
      {...(field.type === 'number' && { inputMode: 'decimal' })}
      {...(field.type === 'text' && field.lines && { rows: LINES })}
      {...(field.type in INPUTS && { type: INPUTS[field.type as keyof typeof INPUTS] })}
    />
  );
}
