import type { ReactNode } from 'react';
import { isRefusalCode } from '../../../../src/protocol/wire/isRefusalCode.ts';
import type { Titles } from '../../session/titles.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { useWords, type Words } from '../../words/useWords.tsx';
import { ActRecords } from './ActRecords.tsx';
import type { GroupAct } from './actsInGroup.ts';
import classes from './Evidence.module.css';
import { KIND_ICONS, KIND_TONES } from './kindIcons.ts';

/** Properties of `ActLine`. */
export interface ActLineProps {
  readonly act: GroupAct;
  /** True if the whole chart was read. */
  readonly isWhole: boolean;
  /** True if the purpose does not stand above. */
  readonly withPurpose: boolean;
  /** When it was, in words. */
  readonly when: string;
  readonly titles: Titles;
}

/** An act in plain words: that somebody read, added or was refused something, and what it was. */
export function ActLine({ act, isWhole, withPurpose, when, titles }: ActLineProps): ReactNode {
  const words = useWords();
  const { say } = words;
  const { kind, records } = act;
  const [what = '', ...more] = [...actInWords(act, isWhole, words)];
  const purpose = say(`common.purpose-${act.purpose}`);
  return (
    <>
      <Mark tone={KIND_TONES[kind]}>
        <Icon name={KIND_ICONS[kind]} />
      </Mark>
      <div>
        <p className={classes['what']}>{what}</p>
        {records.length > 0 && kind !== 'devices' && (
          <ActRecords records={records} titles={titles} />
        )}
        {more.map((each) => (
          <p key={each}>{each}</p>
        ))}
        {withPurpose && <p className={classes['sub']}>{say('evidence.for', { purpose })}</p>}
      </div>
      <span className={classes['time']}>{when}</span>
    </>
  );
}

/** Says the act, and then what else there is to say of it. */
function* actInWords(
  { kind, act, category, body, events, records, untold, lists, until }: GroupAct,
  isWhole: boolean,
  { say, moment }: Words,
): Generator<string> {
  const what = category === undefined ? body.request.type : say(`common.category-${category}`);
  const often = (text: string, count: number): string =>
    count > 1 ? `${text} (${say('evidence.times', { count })})` : text;
  switch (kind) {
    case 'refused': {
      const why = isRefusalCode(body.code) ? say(`evidence.why-${body.code}`) : (body.code ?? '');
      yield say('evidence.was-refused', { why });
      yield often(say(`evidence.tried-${act}`, { what }), events.length);
      const isView = ['chart', 'record', 'kept', 'records', 'kept-records', 'audit'].includes(act);
      if (isView) yield say('evidence.saw-nothing');
      break;
    }
    case 'looked': {
      const count = records.length + untold;
      if (count > 0) yield say(isWhole ? 'evidence.read-whole' : 'evidence.read', { count });
      if (lists > 0) yield often(say('evidence.saw-list'), lists);
      if (untold > 0) yield say('evidence.no-node', { count: untold });
      if (until !== undefined) yield say('evidence.until', { until: moment(until) });
      break;
    }
    case 'devices':
      yield say('evidence.brought', { count: events.length });
      break;
    case 'added': {
      const wrote = act === 'object' || act === 'amend' ? act : 'add';
      yield say(`evidence.wrote-${wrote}`, { count: records.length });
      break;
    }
    case 'other':
      yield often(say(`evidence.act-${otherActOf(act)}`, { what }), events.length);
  }
}

const OTHER_ACTS = ['audit', 'chain', 'takeover', 'request', 'grant', 'decline', 'erase'] as const;

/** The act among those that are neither a view nor a write. */
function otherActOf(act: GroupAct['act']): (typeof OTHER_ACTS)[number] | 'other' {
  return OTHER_ACTS.find((each) => each === act) ?? 'other';
}
