import { useEffect, useState, type ReactNode } from 'react';
import { LanguageChoice } from '../src/ui/LanguageChoice.tsx';
import { Choices } from '../src/ui/Choices.tsx';
import { useWords } from '../src/words/useWords.tsx';
import { isRightToLeft } from '../src/words/readingOrder.ts';
import { ENTRIES } from './rows/entries.tsx';
import { FIELDS } from './rows/fields.tsx';
import { OPERATE } from './rows/operate.tsx';
import { PARTS } from './rows/parts.tsx';
import { RECORDS } from './rows/records.tsx';
import { REPORTS } from './rows/reports.tsx';
import { SHOWN, type ShownName } from './shownNames.ts';
import type { States } from './States.ts';

/** Every component by its name; the compiler names the one that is missing. */
const ROWS: Readonly<Record<ShownName, States>> = {
  ...PARTS,
  ...FIELDS,
  ...REPORTS,
  ...ENTRIES,
  ...RECORDS,
  ...OPERATE,
};
const COLOURS = ['light', 'dark'] as const;
const DIRECTIONS = ['ltr', 'rtl'] as const;
const DENSITIES = ['calm', 'work'] as const;

/** The parts of which the portal's screens are made, each in its states, without a network and a session. */
export function Gallery(): ReactNode {
  const { language, loadAll } = useWords();
  const [isReady, setReady] = useState(false);
  const [colour, setColour] = useState<(typeof COLOURS)[number]>();
  const [direction, setDirection] = useState<(typeof DIRECTIONS)[number]>(
    isRightToLeft(language) ? 'rtl' : 'ltr',
  );
  const [density, setDensity] = useState<(typeof DENSITIES)[number]>('calm');
  useEffect(() => {
    void loadAll().then(() => setReady(true));
  }, [loadAll]);
  useEffect(() => setDirection(isRightToLeft(language) ? 'rtl' : 'ltr'), [language]);
  useEffect(() => {
    document.documentElement.style.colorScheme = colour ?? 'light dark';
    document.documentElement.dir = direction;
    document.body.dataset['density'] = density;
  }, [colour, direction, density]);
  if (!isReady) return null;
  return (
    <main className="gallery">
      <h1>Gallery</h1>
      <form>
        <LanguageChoice />
        <Toggle name="Colours" values={COLOURS} value={colour} onChange={setColour} />
        <Toggle name="Direction" values={DIRECTIONS} value={direction} onChange={setDirection} />
        <Toggle name="Density" values={DENSITIES} value={density} onChange={setDensity} />
      </form>
      {SHOWN.map((name) => (
        <section key={name} id={name}>
          <h2 translate="no">{name}</h2>
          <div className="states">
            {Object.entries(ROWS[name]).map(([state, shown]) => (
              <figure key={state}>
                <figcaption>{state}</figcaption>
                {shown}
              </figure>
            ))}
          </div>
        </section>
      ))}
    </main>
  );
}

/** Chooses one of the looks of the page. */
function Toggle<Value extends string>({
  name,
  values,
  value,
  onChange,
}: {
  readonly name: string;
  readonly values: readonly Value[];
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}): ReactNode {
  return (
    <Choices
      legend={name}
      one
      choices={values.map((each) => ({ value: each, label: each }))}
      chosen={value === undefined ? [] : [value]}
      onChange={([chosen]) => chosen !== undefined && onChange(chosen)}
    />
  );
}
