import type { ReactNode } from 'react';
import { knownRights, readMistakes, type Chart } from '../../../../src/client/index.ts';
import { seconds } from '../../../../src/protocol/Clock.ts';
import { endsSoon } from '../../messages/endsSoon.ts';
import { AskAboutRight } from '../../messages/AskAboutRight.tsx';
import type { Session } from '../../session/Session.ts';
import { useTask } from '../../session/useTask.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useWords } from '../../words/useWords.tsx';

/** Properties of `AccessEnds`. */
export interface AccessEndsProps {
  readonly session: Session;
  readonly chart: Chart;
  /** Name of the patient. */
  readonly who: string;
}

/** Says below the patient's banner that the access ends soon, and asks the patient for more time. */
export function AccessEnds({ session, chart: { handle, grant }, who }: AccessEndsProps): ReactNode {
  const { say, moment } = useWords();
  const { party } = session;
  const now = seconds(party.clock);
  const found = useTask(async () => {
    const rights = (await knownRights(party)).filter((each) => each.grant.handle === handle);
    const soon = endsSoon(rights, now);
    const all = soon === undefined ? [] : await readMistakes(party);
    return soon && { right: soon, known: all.filter(({ about }) => about.entry === soon.digest) };
  }, [party, handle, grant]);
  if (found.state !== 'done' || found.value === undefined) return null;
  const { right, known } = found.value;
  return (
    <Notice kind="warn" title={say('chart.ends-soon', { until: moment(right.grant.terms.until) })}>
      <AskAboutRight {...{ session, right, who, known }} onAsked={found.again} />
    </Notice>
  );
}
