import type { ReactNode } from 'react';
import { List } from '../../ui/List.tsx';
import classes from './NamedValues.module.css';

/** Properties of `NamedValues`. */
export interface NamedValuesProps {
  /** Names of code with their values, in their order. */
  readonly values: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names of fields or arguments with their values, which can be such lists in turn; in the order of code in every language. */
export function NamedValues({ values }: NamedValuesProps): ReactNode {
  return (
    <List all dir="ltr" className={classes['values']} items={values} keyOf={(_, place) => place}>
      {([name, value]) => (
        <>
          {name}: {value}
        </>
      )}
    </List>
  );
}
