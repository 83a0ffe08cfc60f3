import { useState, type ReactNode } from 'react';
import type { SlipPerson } from '../../../../src/client/index.ts';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import choicesLook from '../../ui/Choices.module.css';
import fieldLook from '../../ui/Field.module.css';

/** Properties of `ShowWhom`. */
export interface ShowWhomProps {
  /** Name and birth date, as far as this page knows them. */
  readonly known: SlipPerson;
  readonly person: SlipPerson | undefined;
  /** Takes what the code says from now on; undefined if it names nobody. */
  readonly onChange: (person: SlipPerson | undefined) => void;
}

/** Offers a patient to put name and birth date into the code, so that the pharmacist can ask for them. */
export function ShowWhom({ known, person, onChange }: ShowWhomProps): ReactNode {
  const { say } = useWords();
  const [wants, setWants] = useState(person !== undefined);
  const [name, setName] = useState(person?.name ?? known.name);
  const [born, setBorn] = useState(person?.born ?? known.born ?? '');
  const tell = (isWanted: boolean, called: string, birth: string): void => {
    const said = called.trim();
    onChange(
      isWanted && said !== '' ? { name: said, ...(birth !== '' && { born: birth }) } : undefined,
    );
  };
  return (
    <>
      <label className={choicesLook['choice']}>
        <input
          type="checkbox"
          checked={wants}
          onChange={({ target }) => {
            setWants(target.checked);
            tell(target.checked, name, born);
          }}
        />
        <span>
          {say('medicines.whom')}
          <small>{say('medicines.whom-means')}</small>
        </span>
      </label>
      {wants && (
        <div className={fieldLook['fields']}>
          <TextField
            label={say('medicines.whom-called')}
            value={name}
            maxLength={120}
            onChange={(text) => {
              setName(text);
              tell(wants, text, born);
            }}
          />
          <TextField
            label={say('fhir.born')}
            type="date"
            value={born}
            onChange={(text) => {
              setBorn(text);
              tell(wants, name, text);
            }}
          />
        </div>
      )}
    </>
  );
}
