import type { Key, ReactNode } from 'react';
import { FirstOf } from './FirstOf.tsx';
import cardLook from './Card.module.css';
import classes from './List.module.css';

/** Properties of `List`. */
export interface ListProps<Item> {
  /** Any number of them: the first are drawn, and more whenever somebody asks. */
  readonly items: readonly Item[];
  /** Names a line, so that it stays the same one when others come before it. */
  readonly keyOf: (item: Item) => Key;
  /** Words in place of a list without lines; nothing while it is not known. */
  readonly none?: ReactNode;
  /** The look of its lines: cards, lines that draw a card of their own, people side by side, or text. */
  readonly look?: 'cards' | 'own' | 'people' | 'list';
  /** True where nothing may be left out: what is signed, or printed. */
  readonly all?: boolean;
  /** Draws what stands in a line. */
  readonly children: (item: Item) => ReactNode;
}

/**
 * Shows a list: its lines, the way to more of them, or the words that nothing is there.
 *
 * @example
 *   <List items={rules} keyOf={({ name }) => name} none={say('records.none')}>
 *     {(rule) => <strong>{visibleText(rule.name)}</strong>}
 *   </List>;
 */
export function List<Item>({
  items,
  keyOf,
  none,
  look = 'cards',
  all = false,
  children,
}: ListProps<Item>): ReactNode {
  if (items.length === 0) return typeof none === 'string' ? <p>{none}</p> : none;
  return (
    <FirstOf items={items} all={all}>
      {(shown) => (
        <ul className={classes[look === 'own' ? 'cards' : look]}>
          {shown.map((item) => (
            <li key={keyOf(item)} {...(look === 'cards' && { className: cardLook['card'] })}>
              {children(item)}
            </li>
          ))}
        </ul>
      )}
    </FirstOf>
  );
}
