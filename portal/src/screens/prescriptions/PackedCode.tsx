import { useMemo, type ReactNode } from 'react';
import { packCode } from '../../camera/packedCode.ts';
import { useWords } from '../../words/useWords.tsx';
import { Qr } from '../../ui/Qr.tsx';

/** Properties of `PackedCode`. */
export interface PackedCodeProps {
  /** JSON that is handed over. */
  readonly text: string;
  /** Name of the picture, for those who do not see it. */
  readonly label: string;
  /** Number of what is handed over and what it is for, below the code: it can be told at the phone. */
  readonly caption?: string;
  /** Stands above the code. */
  readonly children?: ReactNode;
  /** Stands in its place if the text is too long for one. */
  readonly otherwise?: ReactNode;
}

/** A text as a packed code, which a phone reads easily. */
export function PackedCode({
  text,
  label,
  caption,
  children,
  otherwise,
}: PackedCodeProps): ReactNode {
  const { say } = useWords();
  const code = useMemo(() => packCode(text), [text]);
  if (code === undefined) return otherwise;
  return (
    <>
      {children}
      <Qr text={code} label={label} fold={say('medicines.code-text')}>
        {caption !== undefined && (
          <p className="by" dir="auto">
            {caption}
          </p>
        )}
      </Qr>
    </>
  );
}
