import { useState, type ReactNode } from 'react';
import type { EmergencyCard } from '../../session/EmergencyCard.ts';
import { useRun } from '../../session/useRun.ts';
import { Awaiting } from '../../ui/Awaiting.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { saveFile } from '../../ui/saveFile.ts';
import { useWords } from '../../words/useWords.tsx';
import { cardWords } from '../../card/cardWords.ts';
import { drawCard } from '../../card/drawCard.ts';

/** Saves a card as a picture for a locked screen or a wallet, after it said who can read that. */
export function SavePicture({ card }: { readonly card: EmergencyCard }): ReactNode {
  const words = useWords();
  const { say, locale } = words;
  const [asking, setAsking] = useState(false);
  const saving = useRun();
  return (
    <>
      <Button onClick={() => setAsking(true)}>{say('emergency.picture')}</Button>
      {asking && (
        <Dialog title={say('emergency.picture')} onClose={() => setAsking(false)}>
          <p>{say('emergency.picture-lead')}</p>
          <Awaiting on={saving} />
          <p className="row">
            <Button
              kind="main"
              busy={saving.busy}
              onClick={() =>
                saving.start(async () => {
                  const picture = await drawCard(cardWords(card, words), locale);
                  saveFile('emergency-card.png', picture, 'image/png');
                  setAsking(false);
                })
              }
            >
              {say('emergency.picture-save')}
            </Button>
            <Button onClick={() => setAsking(false)}>{say('common.cancel')}</Button>
          </p>
        </Dialog>
      )}
    </>
  );
}
