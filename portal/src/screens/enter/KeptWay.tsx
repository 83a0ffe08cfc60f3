import { useState, type ReactNode } from 'react';
import { shelfOfPlace } from '../../session/openPlace.ts';
import { useTask } from '../../session/useTask.ts';
import { keptKeys } from '../../vault/keptKeys.ts';
import { useWords } from '../../words/useWords.tsx';
import { Button } from '../../ui/Button.tsx';
import { Later } from '../../ui/Later.tsx';

/** Leads to the records that this device keeps while no node answers, if it keeps the key of anybody. */
export function KeptWay(): ReactNode {
  const { say, loadAll } = useWords();
  const [open, setOpen] = useState(false);
  const found = useTask(async () => {
    const shelf = await shelfOfPlace(location.href);
    return { shelf, keys: await keptKeys(shelf) };
  }, []);
  const [load] = useState(() => async () => {
    await loadAll();
    return (await import('../kept/KeptOffline.tsx')).KeptOffline;
  });
  if (found.state !== 'done' || found.value.keys.length === 0) return null;
  const { value } = found;
  if (open) return <Later load={load}>{(KeptOffline) => <KeptOffline {...value} />}</Later>;
  return (
    <section>
      <Button onClick={() => setOpen(true)}>{say('enter.kept-records')}</Button>
    </section>
  );
}
