import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useRun, type Run } from '../session/useRun.ts';
import { kindOfCode, type CodeKind } from './kindOfCode.ts';
import { unpackCode } from './packedCode.ts';
import { pictureOf } from './pictureOf.ts';
import { lastingReader } from './lastingReader.ts';
import { startCodeReader, type CodeReader } from './startCodeReader.ts';
import { watchCodes } from './watchCodes.ts';

/** Milliseconds after which a person who found nothing hears what helps. */
const PATIENCE = 8_000;
/** Milliseconds that the search of one picture may take for further tries. */
const TIME = 3_000;

/** Result so far: nothing yet, or for long; no code in a picture; a file that is not a picture; or the kind of another code. */
export type CodesFound =
  'nothing' | 'slow' | 'picture-none' | 'picture-unfit' | { readonly other: CodeKind };

/** The search for a code. */
export interface Codes {
  readonly found: CodesFound;
  /** The element that plays the camera's pictures. */
  readonly video: RefObject<HTMLVideoElement | null>;
  /** Looks for a code in a picture that the person chose. */
  readonly readPicture: (file: File) => void;
  /** The search in that picture. */
  readonly reading: Run;
  /** Why no picture of the camera was looked through any more, until it is on again. */
  readonly fault?: unknown;
}

/** Properties of a search. */
export interface CodesWanted {
  /** The camera's pictures; undefined while it is off. */
  readonly stream: MediaStream | undefined;
  readonly kinds: readonly CodeKind[];
  /** Takes the text of a code of these kinds, not trusted. */
  readonly onText: (text: string) => void;
  /** Called when the camera's pictures are looked through no more: it must go off. */
  readonly onFault: () => void;
}

/** Looks for a code of some kinds, in what the camera shows and in pictures that the person chooses. */
export function useCodes({ stream, kinds, onText, onFault }: CodesWanted): Codes {
  const [found, setFound] = useState<CodesFound>('nothing');
  const [fault, setFault] = useState<unknown>();
  const video = useRef<HTMLVideoElement>(null);
  const reader = useRef<CodeReader>(undefined);
  const reading = useRun();
  const take = useRef((_text: string): void => undefined);
  useEffect(() => {
    take.current = (code) => {
      const text = unpackCode(code);
      const kind = kindOfCode(text);
      if (kinds.includes(kind)) onText(text);
      else setFound({ other: kind });
    };
  });
  useLayoutEffect(() => {
    const closing = new AbortController();
    reader.current = lastingReader(closing.signal, startCodeReader);
    return () => closing.abort();
  }, []);
  useLayoutEffect(() => {
    const { current } = video;
    if (stream === undefined || current === null) return undefined;
    setFault(undefined);
    const closing = new AbortController();
    const { signal } = closing;
    const onCode = (text: string): void => take.current(text);
    const late = setTimeout(() => {
      setFound((before) => (before === 'nothing' ? 'slow' : before));
    }, PATIENCE);
    const watch = async (): Promise<void> => {
      current.srcObject = stream;
      await current.play();
      const { current: read } = reader;
      if (read !== undefined) await watchCodes(current, read, { signal, onText: onCode });
    };
    watch().catch((error: unknown) => {
      if (signal.aborted) return;
      setFault(error);
      onFault();
    });
    return () => {
      closing.abort();
      clearTimeout(late);
      current.srcObject = null;
    };
  }, [stream, onFault]);
  const readPicture = (file: File): void =>
    reading.start(async () => {
      setFound('nothing');
      const picture = await pictureOf(file);
      const text = picture && (await reader.current?.({ picture, time: TIME }));
      if (text !== undefined) take.current(text);
      else setFound(picture === undefined ? 'picture-unfit' : 'picture-none');
    });
  return { found, video, readPicture, reading, fault };
}
