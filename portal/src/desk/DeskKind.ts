import type { ReactNode } from 'react';
import type { Address } from '../../../src/protocol/ids.ts';
import type { Session } from '../session/Session.ts';
import type { NameOf } from '../session/useNames.ts';
import type { WordKey } from '../words/WordKey.ts';

/** Something that lies on a desk. */
export interface DeskItem {
  /** Names it, so that it stays the same one when the desk is read again. */
  readonly key: string;
  /** True while somebody is waited for: at most desks, the person at it. */
  readonly isWaiting: boolean;
  /** Unix seconds since when it stands as it does, if that is known. */
  readonly since?: number | undefined;
  /** Last Unix second of its term, if it has one. */
  readonly due?: number | undefined;
}

/** An item in words. */
export interface DeskLines {
  readonly title: string;
  /** Its state, in sentences. */
  readonly lines: readonly string[];
}

/** The items of a desk, with whatever else it shows. */
export interface DeskFound<Item extends DeskItem> {
  readonly items: readonly Item[];
}

/** Properties of what a desk shows of one item. */
export interface DecisionProps<Item extends DeskItem, Found extends DeskFound<Item>> {
  readonly session: Session;
  readonly item: Item;
  readonly found: Found;
  readonly nameOf: NameOf;
  /** Draws heading, lines and the way back around it. */
  readonly renderFrame: (
    shown: DeskLines & { readonly onRefresh?: () => void; readonly children: ReactNode },
  ) => ReactNode;
  /** Called once a step was taken, with what to say of it: an item that waited is left, and the next one gets the focus. */
  readonly onDone: (said?: string) => void;
}

/** Properties of what stands above or below the queue. */
export interface DeskBesideProps<Found> {
  readonly session: Session;
  /** The items with the rest; undefined until the desk is read. */
  readonly found: Found | undefined;
  /** True while one item is shown in its place: it is kept, and cannot be seen. */
  readonly isOpen: boolean;
  /** Reads the desk again. */
  readonly onAgain: () => void;
}

/** A desk of one role: its words, what lies on it, and how one thing is decided. */
export interface DeskKind<Item extends DeskItem, Found extends DeskFound<Item>> {
  readonly title: WordKey;
  readonly lead: WordKey;
  /** Said while it is read. */
  readonly reading: WordKey;
  /** Headings of what waits and of what does not. */
  readonly waiting: WordKey;
  readonly others: WordKey;
  /** Said if nothing waits. */
  readonly none: WordKey;
  /** Reads what lies on the desk. */
  readonly read: (session: Session) => Promise<Found>;
  /** Parties whom the lines of an item name. */
  readonly partiesOf: (item: Item) => readonly Address[];
  /** Returns what puts an item into words. */
  readonly useLines: (session: Session, nameOf: NameOf) => (item: Item, found: Found) => DeskLines;
  readonly Detail: (props: DecisionProps<Item, Found>) => ReactNode;
  /** Stands at the top of the page while an item is open, such as the banner of its patient. */
  readonly Banner?: (props: { readonly session: Session; readonly item: Item }) => ReactNode;
  readonly Above?: (props: DeskBesideProps<Found>) => ReactNode;
  readonly Below?: (props: DeskBesideProps<Found>) => ReactNode;
}
