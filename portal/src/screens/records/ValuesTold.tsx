import type { ReactNode } from 'react';
import { Value } from '../../ui/Value.tsx';
import { useWords } from '../../words/useWords.tsx';
import type { MeasuredInWords } from './measuredInWords.ts';

/** Properties of `ValuesTold`. */
export interface ValuesToldProps extends Pick<MeasuredInWords, 'values' | 'count'> {
  /** Title of the line that they stand in. */
  readonly title: string;
}

/** The first values that a line tells, with how many there are. */
export function ValuesTold({ values, count, title }: ValuesToldProps): ReactNode {
  const { say } = useWords();
  return (
    <span dir="auto">
      {count > 1 && `${say('records.values', { count })} `}
      {values.map(({ name, amount }, place) => (
        <span key={place}>
          {place > 0 && ', '}
          <bdi>
            {/* Whoever reads the title knows what was measured. */}
            {name !== title && `${name} `}
            <Value>{amount}</Value>
          </bdi>
        </span>
      ))}
      {count > values.length && ' …'}
    </span>
  );
}
