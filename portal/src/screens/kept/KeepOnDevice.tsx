import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { LARGEST_KEPT, type Chart, type ChartRecord } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { keepHere } from '../../session/keepHere.ts';
import type { Session } from '../../session/Session.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choices } from '../../ui/Choices.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Opening } from '../../ui/Opening.tsx';
import { useWords } from '../../words/useWords.tsx';
import { keepChoices, type KeepChoice } from './keepChoices.ts';
import panelLook from '../../ui/Panel.module.css';

/** Properties of `KeepOnDevice`. */
export interface KeepOnDeviceProps {
  readonly session: Session;
  readonly chart: Chart;
  /** The record, and the file that it tells of. */
  readonly records: readonly ChartRecord[];
}

/** Keeps a record on this device for a time, to look again without a network; says first what the patient sees of that. */
export function KeepOnDevice({ session, chart, records }: KeepOnDeviceProps): ReactNode {
  const { say, moment } = useWords();
  const [chosen, setChosen] = useState<KeepChoice['value']>();
  const [kept, setKept] = useState<number>();
  const keeping = useRun();
  const { party, place } = session;
  const own = chart.grant === undefined ? 'yes' : 'no';
  const choices = keepChoices(seconds(party.clock), chart.grant?.terms.until ?? Infinity);
  const choice = choices.find(({ value }) => value === chosen) ?? choices[0];
  if (kept !== undefined) {
    return (
      <Notice kind="good" title={say('kept.done', { until: moment(kept), own })}>
        <p>
          <Link href="/kept">{say('kept.to-list')}</Link>
        </p>
      </Notice>
    );
  }
  if (!place.shelf.lasting) return <Notice kind="warn" title={say('kept.not-lasting')} />;
  if (records.some(({ size }) => size > LARGEST_KEPT)) {
    return <Notice kind="warn" title={say('kept.too-large')} />;
  }
  if (choice === undefined) return <Notice kind="warn" title={say('errors.RIGHT_ENDED')} />;
  const keep = (): void =>
    keeping.start(async () => {
      await keepHere(party, chart, records, choice.until);
      setKept(choice.until);
    });
  return (
    <section className={panelLook['aside']}>
      <p>{say('kept.means', { own })}</p>
      <Choices
        legend={say('kept.how-long')}
        choices={choices.map(({ value, until }) => ({
          value,
          label: say(`kept.for-${value}`),
          hint: say('kept.until', { until: moment(until) }),
        }))}
        chosen={[choice.value]}
        one
        onChange={([value]) => setChosen(value)}
      />
      <p>{say('kept.risk')}</p>
      <Awaiting on={keeping} what={<Opening party={party} chart={chart} />} />
      <p className="row">
        <Button kind="main" busy={keeping.busy} onClick={keep}>
          {say('kept.keep')}
        </Button>
      </p>
    </section>
  );
}
