import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { searchTexts } from '../../fhir/searchTexts.ts';
import { releasedOwnChart } from '../../session/charts.ts';
import type { Session } from '../../session/Session.ts';
import { useOwnTitles } from '../../session/useOwnTitles.ts';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import type { PageEntry } from '../../ui/PageFrame.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import classes from './Find.module.css';
import { patientsToFind, recordsToFind, screensToFind, type Findable } from './findable.ts';

/** Places that are shown at once: more fit no screen, and a further letter leaves fewer. */
const MOST = 8;

/** Properties of `Find`. */
export interface FindProps {
  readonly session: Session;
  /** The person's screens, in the order of the menu. */
  readonly entries: readonly PageEntry[];
  readonly onGo: (to: string) => void;
  readonly onClose: () => void;
}

/** Finds a screen, a patient or an own record by some letters, with the keyboard alone; nobody is asked, and nothing is opened. */
export function Find({ session, entries, onGo, onClose }: FindProps): ReactNode {
  const { say } = useWords();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const titles = useOwnTitles(session, undefined);
  const found = useTask(async () => {
    const chart = await releasedOwnChart(session).catch(() => undefined);
    return { patients: await patientsToFind(session.party), records: chart?.records ?? [] };
  }, [session]);
  const index = useMemo(() => {
    const { patients, records } =
      found.state === 'done' ? found.value : { patients: [], records: [] };
    const all = [...patients, ...screensToFind(entries), ...recordsToFind(records, titles)];
    return searchTexts(all.map((each) => [each, each.label] as const));
  }, [entries, titles, found]);
  const shown = index.find(text).slice(0, MOST);
  const chosen = shown[Math.min(at, shown.length - 1)];
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || shown.length === 0) return;
    event.preventDefault();
    setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length);
  };
  const optionOf = ({ to }: Findable): string => `${id}${to}`;
  return (
    <Dialog title={say('common.find')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== undefined) onGo(chosen.to);
        }}
      >
        <TextField
          label={say('more.find-what')}
          value={text}
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}list`}
          aria-activedescendant={chosen && optionOf(chosen)}
          onKeyDown={onKeyDown}
          onChange={(typed) => {
            setText(typed);
            setAt(0);
          }}
        />
      </form>
      <div
        id={`${id}list`}
        role="listbox"
        aria-label={say('common.find')}
        className={classes['found']}
      >
        {shown.map((each) => (
          // The field above has the keys: arrows choose, and Enter goes.
          <button
            key={each.to}
            id={optionOf(each)}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={each === chosen}
            onClick={() => onGo(each.to)}
          >
            <bdi>{each.label}</bdi> <small>{say(`more.find-${each.kind}`)}</small>
          </button>
        ))}
      </div>
      <p role="status">{shown.length === 0 && say('more.find-none')}</p>
      <p className="row">
        <Button onClick={onClose}>{say('common.cancel')}</Button>
      </p>
    </Dialog>
  );
}
