import type { ReactNode } from 'react';
import type { Chart, Party } from '../../../src/client/index.ts';
import { releaseKeyOf } from '../../../src/protocol/release/releaseKeyOf.ts';
import { useWords } from '../words/useWords.tsx';
import { Pending } from './Pending.tsx';

/** Properties of `Opening`. */
export interface OpeningProps {
  readonly party: Party;
  readonly chart: Chart;
}

/** Says what happens while a record opens: the organisations that release it, if somebody else than its patient opens it. */
export function Opening({ party, chart }: OpeningProps): ReactNode {
  const { say } = useWords();
  const key = chart.grant && releaseKeyOf(party.network, party.log);
  if (key === undefined) return <Pending what={say('records.opening-one')} />;
  const values = { need: key.threshold, count: key.indices.size };
  return <Pending what={say('records.releasing', values)} />;
}
