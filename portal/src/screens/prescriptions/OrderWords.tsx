import { Fragment, type ReactNode } from 'react';
import type { NewPrescription } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { Session } from '../../session/Session.ts';
import { directionsSaid } from './directionsSaid.ts';
import { useNames } from '../../session/useNames.ts';
import { FactList } from '../../ui/FactList.tsx';
import { RoleOf } from '../../ui/RoleOf.tsx';
import { useWords } from '../../words/useWords.tsx';

/** An order as it is signed. */
export type OrderShown = Omit<
  NewPrescription,
  'grant' | 'purpose' | 'handle' | 'code' | 'dosage' | 'dose'
> & {
  /** The directions, as their resource has them. */
  readonly directions: readonly unknown[];
  /** System, `|`, code; empty without one. */
  readonly code: string;
};

/** Properties of `OrderWords`. */
export interface OrderWordsProps {
  readonly session: Session;
  readonly order: OrderShown;
}

/** Everything that a doctor signs with a prescription, in words. */
export function OrderWords({ session, order }: OrderWordsProps): ReactNode {
  const words = useWords();
  const { say, day, moment } = words;
  const { medicine, code, unit, directions, amount, fills, interval, from, until } = order;
  const nameOf = useNames(session, order.second === undefined ? [] : [order.second]);
  const rows = [
    ['medicine', visibleText(medicine, 96)],
    ['code-said', visibleText(code === '' ? say('medicines.code-none') : code, 96)],
    ['dosage', directionsSaid(directions, words)],
    ['whole', say('medicines.order', { amount, unit: visibleText(unit, 96), fills })],
    [
      'interval-said',
      interval === 0
        ? say('medicines.interval-none')
        : say('medicines.interval-days', { interval }),
    ],
    ['from-said', moment(from)],
    ['until-said', day(until)],
    ...(order.replaces === undefined ? [] : [['replaces-said', order.replaces] as const]),
    ...(order.controlled === true
      ? [['controlled-said', say('medicines.controlled-yes')] as const]
      : []),
    ...(order.second === undefined ? [] : [['second-said', nameOf(order.second)] as const]),
  ] as const;
  return (
    <FactList
      isForeign
      facts={rows.map(([word, value]) => [
        say(`medicines.${word}`),
        <Fragment key={word}>
          {value}
          {word === 'second-said' && order.second !== undefined && (
            <RoleOf session={session} party={order.second} />
          )}
        </Fragment>,
      ])}
    />
  );
}
