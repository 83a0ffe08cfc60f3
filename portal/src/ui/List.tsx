import type { Key, ReactNode } from 'react';
import { FirstOf } from './FirstOf.tsx';
import cardLook from './Card.module.css';
import classes from './List.module.css';

/** Properties of `List`. */
export interface ListProps<Item> {
  /** Any number of them: the first are drawn, and more whenever somebody asks. */
  readonly items: readonly Item[];
  /** Names a line, so that it stays the same one when others come before it. */
  readonly keyOf: (item: Item, place: number) => Key;
  /** Words in place of a list without lines; nothing while it is not known. */
  readonly none?: ReactNode;
  /**
   * The look of its lines: cards, lines that draw a card of their own, people side by side, lines, close lines, or as in a
   * text, with a mark before each.
   */
  readonly look?: 'cards' | 'own' | 'people' | 'list' | 'checks' | 'text';
  /** A screen's own look, in place of those. */
  readonly className?: string | undefined;
  /** The look of one line. */
  readonly lineClass?: (item: Item) => string | undefined;
  /** True where the order of the lines says something. */
  readonly isOrdered?: boolean;
  readonly dir?: 'ltr';
  readonly translate?: 'no';
  /** True where nothing may be left out: what is signed, or printed. */
  readonly all?: boolean;
  /** Draws what stands in a line. */
  readonly children: (item: Item, place: number) => ReactNode;
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
  className,
  look = className === undefined ? 'cards' : 'text',
  lineClass = () => (look === 'cards' ? cardLook['card'] : undefined),
  isOrdered = false,
  dir,
  translate,
  all = false,
  children,
}: ListProps<Item>): ReactNode {
  if (items.length === 0) return typeof none === 'string' ? <p>{none}</p> : none;
  const Element = isOrdered ? 'ol' : 'ul';
  return (
    <FirstOf items={items} all={all}>
      {(shown) => (
        <Element
          className={className ?? classes[look === 'own' ? 'cards' : look]}
          dir={dir}
          translate={translate}
        >
          {shown.map((item, place) => (
            <li key={keyOf(item, place)} className={lineClass(item)}>
              {children(item, place)}
            </li>
          ))}
        </Element>
      )}
    </FirstOf>
  );
}
