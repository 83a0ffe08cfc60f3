import type { ReactNode } from 'react';
import type { Session } from '../session/Session.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { DropFiles } from '../ui/DropFiles.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Notice } from '../ui/Notice.tsx';
import { SHOWN_IMAGES } from '../ui/shownImages.ts';
import { useWords } from '../words/useWords.tsx';
import type { CodeKind } from './kindOfCode.ts';
import { useCamera } from './useCamera.ts';
import { useCodes, type CodesFound } from './useCodes.ts';
import classes from './ScanDialog.module.css';

/** Properties of `ScanDialog`. */
export interface ScanDialogProps {
  /** The person; absent for a visitor. */
  readonly session: Session | undefined;
  /** Kinds of codes that the form takes. */
  readonly kinds: readonly CodeKind[];
  /** Takes the text of the first code of these kinds, not trusted. */
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** Shows what the camera sees and waits for a code, or takes a picture with one. */
export function ScanDialog({ session, kinds, onText, onClose }: ScanDialogProps): ReactNode {
  const { say } = useWords();
  const { shown, again, stop } = useCamera(session);
  const stream = shown.state === 'on' ? shown.stream : undefined;
  const { found, video, readPicture, reading, fault } = useCodes({
    stream,
    kinds,
    onText,
    onFault: stop,
  });
  return (
    <Dialog title={say('scan.title')} onClose={onClose}>
      <p>{say('scan.lead')}</p>
      <Awaiting on={{ busy: shown.state === 'starting' }} what={say('scan.starting')} />
      {shown.state === 'off' && (
        <Notice kind="warn" title={say(`scan.${shown.why}`)}>
          <Button onClick={again}>{say('scan.again')}</Button>
        </Notice>
      )}
      {stream !== undefined && (
        <video ref={video} className={classes['camera']} muted playsInline aria-hidden="true" />
      )}
      <Found found={found} isLooking={stream !== undefined} />
      <Failure error={fault} />
      <DropFiles
        label={say('scan.picture')}
        accept={SHOWN_IMAGES.join(',')}
        onFiles={([file]) => file && readPicture(file)}
      />
      <Awaiting on={reading} what={say('scan.reading')} />
      <p className="row">
        <Button onClick={onClose}>{say('common.cancel')}</Button>
      </p>
    </Dialog>
  );
}

function Found({
  found,
  isLooking,
}: {
  readonly found: CodesFound;
  readonly isLooking: boolean;
}): ReactNode {
  const { say } = useWords();
  if (typeof found === 'object') {
    return <Notice kind="warn" title={say(`scan.is-${found.other}`)} />;
  }
  if (found !== 'nothing' && found !== 'slow') {
    return <Notice kind="warn" title={say(`scan.${found}`)} />;
  }
  if (!isLooking) return null;
  return <p role="status">{say(found === 'slow' ? 'scan.slow' : 'scan.looking')}</p>;
}
