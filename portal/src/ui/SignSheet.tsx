import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { confirmOthers, isUnchanged, mayNotGet, othersKey } from '../session/confirmOthers.ts';
import type { Others } from '../session/Others.ts';
import { reviewedNow, type Reviewed } from '../session/Reviewed.ts';
import type { Session } from '../session/Session.ts';
import { useRun, type Run } from '../session/useRun.ts';
import { useSteps } from '../session/useSteps.ts';
import { useTask } from '../session/useTask.ts';
import { useWords } from '../words/useWords.tsx';
import { Button, type ButtonProps } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { Notice } from './Notice.tsx';
import { OtherRoles } from './OtherRoles.tsx';
import { Awaiting } from './Awaiting.tsx';
import classes from './SignSheet.module.css';

/** Properties of `SignSheet`. */
export interface SignSheetProps<Wanted extends readonly unknown[]> {
  readonly session: Session;
  /** All that the act takes after the party; undefined while something is missing. */
  readonly wanted: Wanted | undefined;
  /** False while the sheet itself asks for something, such as a reason. */
  readonly isReady?: boolean;
  /** All that is signed, in words, and what it causes. */
  readonly children: ReactNode;
  readonly title?: string;
  /** Level of the title's heading. */
  readonly level?: 2 | 3;
  /** True for a question in front of the screen. */
  readonly inFront?: boolean;
  /** Those whom it concerns: the quorum confirms their role and organisation before it is signed, and once more as it is signed. */
  readonly others: Others;
  /** Label of a button that shows the sheet; without it the sheet is there at once. */
  readonly opens?: string;
  /** Weight of that button. */
  readonly opener?: ButtonProps['kind'];
  /** Label of the button that signs: the act with its object. */
  readonly act: string;
  /** True for an act that ends something, or that goes against a warning. */
  readonly isDanger?: boolean;
  /** Says for what the person waits after that. */
  readonly waits: ReactNode;
  /** Draws a failure. */
  readonly Refused?: (props: { readonly error: unknown }) => ReactNode;
  /** Called when somebody presses a button while something is missing. */
  readonly onMissing?: () => void;
  /** Leads back from a sheet that was there at once. */
  readonly onBack?: () => void;
  /** Stands beside the button that signs. */
  readonly beside?: ReactNode;
  /** Label of the way back. */
  readonly backLabel?: string;
  /** The signing, for a form that stands still meanwhile; the sheet's own without it. */
  readonly signing?: Run;
  /** Signs it. */
  readonly run: (reviewed: Reviewed<Wanted>) => Promise<void>;
}

/** Shows in words what is signed, what it causes and whom it concerns, and only then has it signed. Nothing signs without it. */
export function SignSheet<const Wanted extends readonly unknown[]>(
  props: SignSheetProps<Wanted>,
): ReactNode {
  const { wanted, opens, opener = 'plain', onMissing } = props;
  const { step, go, back, finish } = useSteps<'shut' | 'open'>('shut');
  const own = useRun();
  // A sheet that signs stays, whatever becomes of the form and of the steps meanwhile: nobody signs beside it.
  const { signing = own } = props;
  const row = useRef<HTMLParagraphElement>(null);
  const wasOpen = useRef(false);
  const isOpen = signing.busy || (step === 'open' && wanted !== undefined);
  // Whoever uses the keyboard is not sent to the top of the page.
  useLayoutEffect(() => {
    if (!isOpen && wasOpen.current) row.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (opens === undefined) return <Sheet {...props} signing={signing} onDone={finish} />;
  if (isOpen) return <Sheet {...props} signing={signing} onBack={back} onDone={finish} />;
  return (
    <p className="row" ref={row}>
      <Button
        kind={opener}
        onClick={() => {
          if (wanted === undefined) onMissing?.();
          else go('open');
        }}
      >
        {opens}
      </Button>
    </p>
  );
}

interface SheetProps<Wanted extends readonly unknown[]> extends SignSheetProps<Wanted> {
  readonly signing: Run;
  readonly onDone: () => void;
}

function Sheet<Wanted extends readonly unknown[]>(props: SheetProps<Wanted>): ReactNode {
  const { session, wanted, isReady = true, children, level = 2, others } = props;
  const { act, isDanger = false, waits, Refused, onMissing, onBack, backLabel } = props;
  const { inFront = false, beside, onDone } = props;
  const { say, sayIfKnown } = useWords();
  const { signing, title = say('share.you-sign') } = props;
  // Words of what is being signed, though the form may change.
  const [signed, setSigned] = useState<ReactNode>();
  const isShown = signing.busy || wanted !== undefined;
  const named = isShown ? othersKey(session, others) : '';
  const roles = useTask(
    async () => (named === '' ? [] : await confirmOthers(session, others)),
    [session, named],
  );
  /** Those of whom the quorum said something else as the person signed. */
  const [changed, setChanged] = useState<string>();
  const isEnd = typeof others !== 'string' && others.isEnd === true;
  const isRefused =
    !isEnd && (roles.state === 'done' ? roles.value.some(mayNotGet) : roles.state === 'failed');
  const Heading = `h${level}` as const;
  const heading = useRef<HTMLHeadingElement>(null);
  const isOpened = props.opens !== undefined;
  useLayoutEffect(() => {
    if (isOpened) heading.current?.focus();
  }, [isOpened]);
  const sign = (): void => {
    if (wanted === undefined || !isReady) onMissing?.();
    else {
      setSigned(children);
      setChanged(undefined);
      signing.start(async () => {
        if (!isEnd && named !== '') {
          const now = await confirmOthers(session, others);
          if (roles.state !== 'done' || !isUnchanged(roles.value, now)) {
            setChanged(named);
            roles.again();
            return;
          }
        }
        await props.run(reviewedNow(wanted));
        onDone();
      });
    }
  };
  // While it works, a question in front stays: it shows a failure.
  const close = (): void => {
    if (!signing.busy) onBack?.();
  };
  // The words that are signed stay the same for everybody; easy words only explain before them what signing means.
  const explained = sayIfKnown(isDanger ? 'easy.sign-danger' : 'easy.sign');
  const words = isShown && (
    <>
      {explained !== undefined && <Notice>{explained}</Notice>}
      {signing.busy ? signed : children}
      <Awaiting on={roles} what={say('common.confirming')} />
      {roles.state === 'done' && <OtherRoles session={session} others={roles.value} />}
      {changed !== undefined && changed === named && (
        <Notice kind="bad" title={say('common.others-changed')} />
      )}
    </>
  );
  const acts = (
    <>
      <Awaiting on={signing} what={waits} Refused={Refused} />
      <p className="row">
        <Button
          kind={isDanger ? 'danger' : 'main'}
          busy={signing.busy || (!isEnd && roles.state === 'working')}
          disabled={isRefused}
          onClick={sign}
        >
          {act}
        </Button>
        {onBack !== undefined && (
          <Button disabled={signing.busy} onClick={close}>
            {backLabel ?? say(inFront ? 'common.cancel' : 'common.back')}
          </Button>
        )}
        {beside}
      </p>
    </>
  );
  if (inFront) {
    return (
      <Dialog title={title} onClose={close}>
        {words}
        {acts}
      </Dialog>
    );
  }
  return (
    <section className={isShown ? classes['signed'] : undefined}>
      {isShown && (
        <Heading ref={heading} tabIndex={-1}>
          {title}
        </Heading>
      )}
      {words}
      {acts}
    </section>
  );
}
