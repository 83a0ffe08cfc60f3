import { Fragment, type ReactNode } from 'react';

/** Properties of `FactList`. */
export interface FactListProps {
  /** The name of each fact, and what it says. */
  readonly facts: readonly (readonly [name: string, ...values: readonly ReactNode[]])[];
  /** True if each value stands below its name on a wide screen too. */
  readonly isStacked?: boolean;
  /** True if others wrote the names or the values, in any script. */
  readonly isForeign?: boolean;
}

/**
 * Shows facts: the name of each, and what it says beside it.
 *
 * @example
 *   <FactList facts={[['Block', number(block)]]} />;
 */
export function FactList({
  facts,
  isStacked = false,
  isForeign = false,
}: FactListProps): ReactNode {
  const Pair = isStacked ? Fragment : 'div';
  const dir = isForeign ? 'auto' : undefined;
  return (
    <dl>
      {facts.map(([name, ...values], place) => (
        <Pair key={place}>
          <dt dir={dir}>{name}</dt>
          {values.map((value, at) => (
            <dd key={at} dir={dir}>
              {value}
            </dd>
          ))}
        </Pair>
      ))}
    </dl>
  );
}
