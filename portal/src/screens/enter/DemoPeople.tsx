import { useEffect, type ReactNode } from 'react';
import { hexToBytes } from '../../../../src/crypto/bytes.ts';
import type { DemoPerson } from '../../../../src/protocol/care/DemoPerson.ts';
import { useRun } from '../../session/useRun.ts';
import { useWhileShown } from '../../session/useWhileShown.ts';
import { useTask } from '../../session/useTask.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { List } from '../../ui/List.tsx';
import { useWords } from '../../words/useWords.tsx';
import { askDemoPeople } from './askDemoPeople.ts';
import type { EnterProps } from './EnterProps.ts';
import { loadAhead } from './loadAhead.ts';
import classes from './DemoPeople.module.css';

const loadOpening = async () => (await import('../../session/openDemoSession.ts')).openDemoSession;

/** The people of a demonstration, each entered by one click. */
export function DemoPeople({ place, onSession }: EnterProps): ReactNode {
  const { say, loadHome } = useWords();
  const letIn = useWhileShown(onSession);
  const people = useTask(async () => await askDemoPeople(place), [place]);
  const entering = useRun();
  const isListed = people.state === 'done' && people.value.length > 0;
  // The list comes first, since all runs in one thread.
  useEffect(() => {
    if (isListed) void loadAhead(loadOpening, loadHome);
  }, [isListed, loadHome]);
  if (people.state !== 'done') return <Awaiting on={people} what={say('common.loading')} />;
  if (people.value.length === 0) return null;
  const here = people.value.filter(({ organisation }) => organisation === place.organisation);
  const elsewhere = people.value.filter(({ organisation }) => organisation !== place.organisation);
  const enter = (person: DemoPerson): void =>
    entering.start(async () => {
      const openDemoSession = await loadOpening();
      letIn(await openDemoSession(place, person, people.value, hexToBytes(person.seed)));
    });
  return (
    <section>
      <h2>{say('enter.demo')}</h2>
      <p>{say('enter.demo-lead')}</p>
      <Awaiting on={entering} what={say('enter.entering')} />
      <List items={here} keyOf={(person) => person.address} look="people">
        {(person) => (
          <button
            type="button"
            className={classes['person']}
            aria-disabled={entering.busy}
            onClick={() => enter(person)}
          >
            <strong>{person.called}</strong>
            <span>{say(`common.role-${person.role}`)}</span>
          </button>
        )}
      </List>
      {elsewhere.length > 0 && (
        <details>
          <summary>{say('enter.elsewhere')}</summary>
          <List
            look="text"
            items={[...new Map(elsewhere.map((each) => [each.organisation, each.portal]))]}
            keyOf={([organisation]) => organisation}
          >
            {([organisation, portal]) => (
              <a href={portal ?? `${place.url.replace(/[^/]*$/, organisation)}/portal/`}>
                {organisation}
              </a>
            )}
          </List>
        </details>
      )}
    </section>
  );
}
