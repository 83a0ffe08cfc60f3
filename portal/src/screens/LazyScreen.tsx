import type { ReactNode } from 'react';
import { useParams } from 'wouter';
import type { Handle } from '../../../src/protocol/ids.ts';
import type { Place } from '../session/Place.ts';
import type { Session } from '../session/Session.ts';
import { useTask } from '../session/useTask.ts';
import { Awaiting } from '../ui/Awaiting.tsx';
import { MissingHeading } from '../ui/MissingHeading.ts';
import { BRAND, useTitle } from '../ui/useTitle.ts';
import { useWords } from '../words/useWords.tsx';
import type { PatientBanner } from './patient/PatientBanner.tsx';
import type { ScreenProps } from './ScreenProps.ts';
import { titleOfScreen, type ScreenEntry } from './screens.ts';

/** Properties of `LazyScreen`. */
export interface LazyScreenProps extends Omit<ScreenProps, 'session'> {
  readonly screen: ScreenEntry;
  readonly place: Place;
  readonly session: Session | undefined;
}

/** Loads a screen when it is first opened, and says so if its part of the page does not come. */
export function LazyScreen({ screen, place, session, ...rest }: LazyScreenProps): ReactNode {
  const { say, sayIfKnown, loadHome, loadAll } = useWords();
  const { handle } = useParams<{ handle?: Handle }>();
  const loading = useTask(async () => {
    const words = screen.words === 'home' ? loadHome() : loadAll();
    if ('open' in screen) {
      const [Screen] = await Promise.all([screen.load(), words]);
      return () => <Screen place={place} />;
    }
    const [Screen, Banner] = await Promise.all([screen.load(), bannerFor(screen), words]);
    return (own: ScreenProps) => (
      <>
        {Banner !== undefined && handle !== undefined && (
          <Banner key={handle} session={own.session} handle={handle} />
        )}
        {Banner !== undefined && handle === undefined && own.session.handle !== undefined && (
          <Banner session={own.session} handle={own.session.handle} isForPaper />
        )}
        <Screen {...own} />
      </>
    );
    // Another language has all its words already, and keeps what was typed.
  }, [screen, place, handle]);
  // Until then the words may be missing.
  useTitle('screen', loading.state === 'done' ? say(titleOfScreen(screen)) : undefined);
  // A screen that failed to come may lack its words too.
  const heading = sayIfKnown(titleOfScreen(screen)) ?? BRAND;
  if (loading.state !== 'done') {
    return (
      <MissingHeading value={heading}>
        <Awaiting on={loading} what={say('common.loading')} />
      </MissingHeading>
    );
  }
  const shown =
    'open' in screen
      ? loading.value({} as ScreenProps)
      : session && loading.value({ session, ...rest });
  return <MissingHeading value={heading}>{shown}</MissingHeading>;
}

/** The banner of every page under a patient, and of a patient’s own chart in print: the pages themselves cannot leave it out. */
async function bannerFor({ path }: ScreenEntry): Promise<typeof PatientBanner | undefined> {
  if (!path.includes('/:handle') && !path.startsWith('/chart/')) return undefined;
  return (await import('./patient/PatientBanner.tsx')).PatientBanner;
}
