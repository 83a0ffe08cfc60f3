import type { ReactNode } from 'react';
import { CardView } from './CardView.tsx';
import type { EmergencyCard } from '../../session/EmergencyCard.ts';

/** Cards that their owners show to whoever holds this device. */
export function ShownCards({ cards }: { readonly cards: readonly EmergencyCard[] }): ReactNode {
  return cards.map((card) => <CardView key={card.owner} card={card} />);
}
