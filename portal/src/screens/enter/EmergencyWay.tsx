import { useState, type ReactNode } from 'react';
import { useTask } from '../../session/useTask.ts';
import { Button } from '../../ui/Button.tsx';
import { Later } from '../../ui/Later.tsx';
import { useWords } from '../../words/useWords.tsx';
import { shownCards } from '../../session/shownCards.ts';

/** Leads from the locked page to the emergency cards of this device, if there are any; nobody is asked for them. */
export function EmergencyWay(): ReactNode {
  const { say, loadAll } = useWords();
  const [open, setOpen] = useState(false);
  const cards = useTask(shownCards, []);
  const [load] = useState(() => async () => {
    await loadAll();
    return (await import('../card/ShownCards.tsx')).ShownCards;
  });
  if (cards.state !== 'done' || cards.value.length === 0) return null;
  const { value } = cards;
  return (
    <section>
      <Button kind="danger" aria-expanded={open} onClick={() => setOpen(!open)}>
        {say('enter.emergency')}
      </Button>
      {open && <Later load={load}>{(ShownCards) => <ShownCards cards={value} />}</Later>}
    </section>
  );
}
