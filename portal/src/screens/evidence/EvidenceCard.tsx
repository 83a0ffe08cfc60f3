import { useMemo, type ReactNode } from 'react';
import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Actor } from '../../session/useActors.ts';
import type { Titles } from '../../session/titles.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { List } from '../../ui/List.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { useWords } from '../../words/useWords.tsx';
import { ActLine } from './ActLine.tsx';
import { actsInGroup, type GroupAct } from './actsInGroup.ts';
import classes from './Evidence.module.css';
import type { EvidenceGroup } from './groupEvidence.ts';
import { KIND_ICONS, KIND_TONES } from './kindIcons.ts';
import { LinesProof, type LinesProofProps } from './LinesProof.tsx';
import type { PartsOfViews } from './partsOfViews.ts';
import { roleOfSigner } from './roleOfSigner.ts';
import type { DayWords } from './useDayWords.ts';

/** Properties of `EvidenceCard`. */
export interface EvidenceCardProps extends Pick<LinesProofProps, 'line'> {
  readonly group: EvidenceGroup;
  /** The person who signed it, as far as that is known. */
  readonly actor: Actor;
  /** The patient's name for the device that signed it, if it has one. */
  readonly device?: string | undefined;
  readonly parts: PartsOfViews;
  readonly titles: Titles;
  readonly times: DayWords['times'];
}

/** The acts of one person or device on one day, in plain words, with one mark that opens to the proofs. */
export function EvidenceCard(props: EvidenceCardProps): ReactNode {
  const { group, line } = props;
  const { say } = useWords();
  const { kind, events } = group;
  if (kind === 'person' || kind === 'device') return <ProvenCard {...props} />;
  return (
    <>
      <div className={classes['actor']}>
        <Mark tone={kind === 'erased' ? undefined : 'danger'}>
          <Icon name={kind === 'erased' ? 'info' : 'triangle-alert'} />
        </Mark>
        <div>
          <h3>{say(`evidence.group-${kind}`)}</h3>
          <p className={classes['sub']}>{say(`evidence.lead-${kind}`)}</p>
        </div>
      </div>
      <LinesProof events={events} isProven={kind === 'erased'} line={line} />
    </>
  );
}

function ProvenCard(props: EvidenceCardProps): ReactNode {
  const { group, actor, device, parts, titles, times, line } = props;
  const { say } = useWords();
  const { kind, party = '', events } = group;
  const acts = useMemo(() => actsInGroup(events, parts.writes), [events, parts]);
  const purposes = [...new Set(acts.map(({ purpose }) => purpose))];
  const [purpose] = purposes.length === 1 && kind === 'person' ? purposes : [];
  const role = roleOfSigner(actor, party);
  const by = [actor.name, role].filter(Boolean).join(', ');
  const sub = [
    kind === 'device' ? say('evidence.brought-by', { who: by }) : role,
    purpose && say('evidence.for', { purpose: say(`common.purpose-${purpose}`) }),
  ];
  return (
    <>
      <div className={classes['actor']}>
        {kind === 'person' && actor.name !== undefined ? (
          <Avatar name={actor.name} />
        ) : (
          <Mark>
            <Icon name={kind === 'device' ? 'watch' : 'users-round'} />
          </Mark>
        )}
        <div>
          <h3>
            {kind === 'device' ? (
              <bdi>{device ?? say('evidence.device')}</bdi>
            ) : (
              (actor.name ?? say('evidence.somebody'))
            )}
            {kind === 'person' && <KindChips acts={acts} />}
          </h3>
          <p className={classes['sub']}>{sub.filter(Boolean).join(' · ')}</p>
        </div>
      </div>
      <List isOrdered className={classes['acts']} items={acts} keyOf={({ key }) => key}>
        {(act) => (
          <ActLine
            act={act}
            isWhole={act.events.some(parts.isWhole)}
            withPurpose={purpose === undefined && kind === 'person'}
            when={times(atOf(act.events.at(-1)), atOf(act.events[0]))}
            titles={titles}
          />
        )}
      </List>
      <LinesProof events={events} isProven line={line} />
    </>
  );
}

function KindChips({ acts }: { readonly acts: readonly GroupAct[] }): ReactNode {
  const { say } = useWords();
  const kinds = [...new Set(acts.map(({ kind }) => kind))];
  return kinds.map(
    (kind) =>
      kind !== 'other' && (
        <Chip key={kind} icon={KIND_ICONS[kind]} tone={KIND_TONES[kind]}>
          {say(`evidence.kind-${kind}`)}
        </Chip>
      ),
  );
}

function atOf(event: AuditEvent | undefined): number {
  return event?.body?.at ?? 0;
}
