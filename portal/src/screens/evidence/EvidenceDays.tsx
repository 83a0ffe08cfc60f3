import { useId, useMemo, useState, type ReactNode } from 'react';
import type { Audit, AuditEvent } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { useActors } from '../../session/useActors.ts';
import { useDeviceNames } from '../../session/useDeviceNames.ts';
import { useOwnTitles } from '../../session/useOwnTitles.ts';
import { Button } from '../../ui/Button.tsx';
import { useWords } from '../../words/useWords.tsx';
import { usePrinting } from '../chart/usePrinting.ts';
import type { ScreenProps } from '../ScreenProps.ts';
import { dayOfMoment } from './dayOfMoment.ts';
import { List } from '../../ui/List.tsx';
import classes from './Evidence.module.css';
import { EvidenceCard, type EvidenceCardProps } from './EvidenceCard.tsx';
import { groupEvidence, type EvidenceDay, type EvidenceGroup } from './groupEvidence.ts';
import { nameOfDevice } from './nameOfDevice.ts';
import { useDayWords } from './useDayWords.ts';
import cardLook from '../../ui/Card.module.css';

/** Days that are drawn at first, and at each press of the button. */
const [FIRST, NEXT] = [7, 14];

/** Properties of `EvidenceDays`. */
export interface EvidenceDaysProps
  extends Pick<ScreenProps, 'session'>, Pick<EvidenceCardProps, 'line' | 'parts'> {
  readonly audit: Audit;
  /** Those that are shown, in any order. */
  readonly events: readonly AuditEvent[];
}

/** The newest days, each with a card for every person and device; older ones come by a button, and all of them in print. */
export function EvidenceDays(props: EvidenceDaysProps): ReactNode {
  const { session, audit, events, parts, line } = props;
  const { say } = useWords();
  const [count, setCount] = useState(FIRST);
  const printing = usePrinting();
  const { handle } = audit;
  const days = useMemo(
    () => groupEvidence(events, { handle, dayOf: dayOfMoment }),
    [events, handle],
  );
  const shown = printing ? days : days.slice(0, count);
  const parties = shown.flatMap(({ groups }) => groups.flatMap(({ party }) => party ?? []));
  const actorOf = useActors(session, parties);
  const titles = useOwnTitles(session, audit);
  const deviceNames = useDeviceNames(session);
  const dayWords = useDayWords(seconds(session.party.clock));
  const left = days.length - shown.length;
  if (days.length === 0) return <p>{say('evidence.none')}</p>;
  return (
    <>
      {shown.map((day) => (
        <DaySection key={day.day ?? day.groups[0]?.key} day={day} heading={dayWords.heading}>
          {(group) => (
            <EvidenceCard
              group={group}
              actor={group.party === undefined ? {} : actorOf(group.party)}
              device={
                group.kind === 'device'
                  ? nameOfDevice(session.party, group.events, deviceNames)
                  : undefined
              }
              parts={parts}
              titles={titles}
              times={dayWords.times}
              line={line}
            />
          )}
        </DaySection>
      ))}
      {left > 0 && (
        <Button onClick={() => setCount(count + NEXT)}>
          {say('evidence.earlier', { count: left })}
        </Button>
      )}
    </>
  );
}

interface DaySectionProps {
  readonly day: EvidenceDay;
  readonly heading: ReturnType<typeof useDayWords>['heading'];
  /** Draws a card. */
  readonly children: (group: EvidenceGroup) => ReactNode;
}

function DaySection({ day: { at, groups }, heading, children }: DaySectionProps): ReactNode {
  const { say } = useWords();
  const id = useId();
  const isErased = groups.some(({ kind }) => kind === 'erased');
  const { title, more } =
    at === undefined
      ? { title: say(isErased ? 'evidence.undated' : 'evidence.unproven'), more: undefined }
      : heading(at);
  return (
    <section aria-labelledby={id}>
      <div className={classes['day']}>
        <h2 id={id}>{title}</h2>
        {more !== undefined && <span>{more}</span>}
      </div>
      <List
        all
        className={classes['days']}
        lineClass={() => cardLook['card']}
        items={groups}
        keyOf={({ key }) => key}
      >
        {children}
      </List>
    </section>
  );
}
